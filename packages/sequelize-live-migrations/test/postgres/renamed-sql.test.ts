import { identifiersIn, withColumnRenamed } from '../../src/postgres';

it.each([
  ['age > 0', '"years" > 0'],
  ['AGE > 0 AND "age" < 9 AND "Age" = 1', '"years" > 0 AND "years" < 9 AND "Age" = 1'],
  ["name = 'age' OR age = 1", `name = 'age' OR "years" = 1`],
  ["name = E'it\\'s age' OR name = $$age$$ OR name = $a$age$a$", undefined],
  ['price -- of that age', undefined],
  ['price /* age */ > 1', undefined],
  ['age(born) > ages AND average = 1 AND age$ = 2', undefined],
  ["born > age '1 day'", undefined],
  ['born::age = CAST(x AS age)', undefined],
  ['extract(age FROM born)', undefined],
  ['extract( year FROM age )', 'extract( year FROM "years" )'],
  ['substring(age FROM 2) = trim(age FROM name)', 'substring("years" FROM 2) = trim("years" FROM name)'],
  ['age IS DISTINCT FROM age', '"years" IS DISTINCT FROM "years"'],
  ['pets.age + "pets"."age"', 'pets."years" + "pets"."years"'],
  ['älter AND age', 'älter AND "years"'],
])('in %s a column has another name', (sql, renamed = sql) => {
  expect(withColumnRenamed(sql, 'age', 'years')).toBe(renamed);
});

it('quotes a name as it has to be, and finds one with quotes', () => {
  expect(withColumnRenamed('"a ""b""" = 1', 'a "b"', 'c "d"')).toBe('"c ""d""" = 1');
});

it('the names in an expression are those that PostgreSQL reads', () => {
  const sql = `AGE > 0 AND "Born" < E'it\\'s old' -- years\n AND größe = $$x$$ AND "a ""b""" = 'c'`;
  expect(identifiersIn(sql)).toEqual(['age', 'and', 'Born', 'and', 'größe', 'and', 'a "b"']);
});
