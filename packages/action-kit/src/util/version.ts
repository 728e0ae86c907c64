/** The version of the whole suite, as in every package.json; a test holds them together. */
export const VERSION = '1.0.0';
