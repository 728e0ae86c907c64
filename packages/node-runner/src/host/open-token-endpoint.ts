import { createAnnotation } from '../commands/annotation.js';
import type { Masks } from '../commands/masks.js';
import { TokenEndpoint } from '../token/token-endpoint.js';
import type { TokenSource } from '../token/token-source.js';
import type { CiHost } from './host.js';

/** Starts the token endpoint of a job: tokens are masked, errors are shown in the host's log. */
export const openTokenEndpoint = (source: TokenSource, host: CiHost, masks: Masks): Promise<TokenEndpoint> =>
  TokenEndpoint.open({
    source,
    onToken: (token) => masks.add(token),
    onError: (message) => host.show({ kind: 'annotation', annotation: createAnnotation('error', message) }),
  });
