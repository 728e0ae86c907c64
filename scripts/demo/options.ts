import { parseArgs } from 'node:util';

export const USAGE = `usage: npm run demo [-- --endpoint URL]

Runs the example delivery with the bundled actions on Local AWS, without an AWS account.

  --endpoint URL   create the resources in a running emulator (MiniStack, LocalStack, moto)
  --help           print this help
`;

export type Options =
  | { readonly kind: 'run'; readonly endpoint: string | undefined }
  | { readonly kind: 'help' }
  | { readonly kind: 'invalid'; readonly message: string };

const createInvalidOptions = (message: string): Options => ({ kind: 'invalid', message });

const isReachable = (endpoint: string): Promise<boolean> =>
  fetch(endpoint).then(
    () => true,
    () => false,
  );

/** Parses the arguments and checks that the emulator is reachable. */
export const readOptions = async (args: readonly string[]): Promise<Options> => {
  try {
    const options = { endpoint: { type: 'string' }, help: { type: 'boolean' } } as const;
    const { endpoint, help } = parseArgs({ args: [...args], options }).values;
    if (help === true) return { kind: 'help' };
    if (endpoint === undefined) return { kind: 'run', endpoint };
    if (!/^https?:\/\//u.test(endpoint) || !URL.canParse(endpoint)) {
      return createInvalidOptions(`--endpoint '${endpoint}' is not a URL: use a URL such as http://127.0.0.1:4566`);
    }
    if (!(await isReachable(endpoint)))
      return createInvalidOptions(`no response from ${endpoint}: start the emulator first`);
    return { kind: 'run', endpoint };
  } catch (error) {
    return createInvalidOptions(error instanceof Error ? error.message : String(error));
  }
};
