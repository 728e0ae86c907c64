/** Reads a property of an unknown value; undefined when it is not an object or lacks the property. */
export const getField = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && name in value ? Reflect.get(value, name) : undefined;

/** A non-empty string property; otherwise undefined. */
export const getStringField = (value: unknown, name: string): string | undefined => {
  const found = getField(value, name);
  return typeof found === 'string' && found !== '' ? found : undefined;
};

export const getNumberField = (value: unknown, name: string): number | undefined => {
  const found = getField(value, name);
  return typeof found === 'number' ? found : undefined;
};

/** `com.amazonaws.sts#ExpiredTokenException` and `ExpiredToken` are the same code. */
const normalizeCode = (code: string): string => code.replace(/^.*#/u, '').replace(/Exception$/u, '');

// SDK clients put the code into `name` for unmodelled errors and into `Code` for modelled ones (docs/aws-facts.md §0.3);
// Node's sockets put it into `code`.
export const getErrorCodes = (error: unknown): string[] =>
  ['Code', 'name', 'code'].flatMap((name) => getStringField(error, name) ?? []).map(normalizeCode);

/** Whether the error has one of these codes, with or without the `Exception` suffix. */
export const hasErrorCode = (error: unknown, ...codes: readonly string[]): boolean => {
  const expected = codes.map(normalizeCode);
  return getErrorCodes(error).some((code) => expected.includes(code));
};

/** The error code for messages: `AccessDenied`, `ECONNREFUSED`; undefined when absent. */
export const getErrorCode = (error: unknown): string | undefined => {
  const [code] = ['Code', 'code', 'name'].flatMap((name) => getStringField(error, name) ?? []);
  return code === undefined || code === 'Error' ? undefined : code.replace(/^.*#/u, '');
};
