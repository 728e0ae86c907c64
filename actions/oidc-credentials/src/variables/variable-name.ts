/** How the letters of a name become those of a variable. */
export type NameTransformation = 'uppercase' | 'lowercase' | 'none';

const TRANSFORMATIONS: Readonly<Record<NameTransformation, (name: string) => string>> = {
  uppercase: (name) => name.toUpperCase(),
  lowercase: (name) => name.toLowerCase(),
  none: (name) => name,
};

/** Converts a name to that of a variable: `prod/db-password` → `PROD_DB_PASSWORD`. */
export const toVariableName = (name: string, transformation: NameTransformation): string =>
  TRANSFORMATIONS[transformation](name.replace(/^(?=\d)/u, '_').replaceAll(/[^A-Za-z0-9_]/gu, '_'));
