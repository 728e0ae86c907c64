/** The version of all packages; a test compares it with every package.json. */
export const VERSION = '1.0.0';
