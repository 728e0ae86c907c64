import { describe, expect, it } from '@jest/globals';
import { toVariableName } from '../../src/variables/variable-name.js';

describe('the name of a variable', () => {
  it.each([
    ['prod/db-password', 'PROD_DB_PASSWORD', 'prod_db_password', 'prod_db_password'],
    ['Prod.Db', 'PROD_DB', 'prod_db', 'Prod_Db'],
    ['1st', '_1ST', '_1st', '_1st'],
    ['a\nb=c', 'A_B_C', 'a_b_c', 'a_b_c'],
    ['straße', 'STRA_E', 'stra_e', 'stra_e'],
  ])('of %j has only letters, digits and _', (name, uppercase, lowercase, none) => {
    expect(toVariableName(name, 'uppercase')).toBe(uppercase);
    expect(toVariableName(name, 'lowercase')).toBe(lowercase);
    expect(toVariableName(name, 'none')).toBe(none);
  });
});
