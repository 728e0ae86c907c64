import { textOf } from '@aws-delivery/action-kit/error';
import type { Annotation, Report } from '@aws-delivery/action-kit/run';
import type { Definition, Outputs } from '../action.js';
import type { Delivery, Result } from './result.js';
import { summaryOf } from './summary.js';
import { verdictOf } from './verdict.js';

const digestOf = ({ outcome }: Delivery): string | undefined => ('digest' in outcome ? outcome.digest : undefined);

/** Where an image is by its digest; undefined for one that is not there. */
export const uriOf = (delivery: Delivery): string | undefined => {
  const digest = digestOf(delivery);
  return digest === undefined ? undefined : `${delivery.login.host}/${delivery.order.repository}@${digest}`;
};

const document = (delivery: Delivery, scan: Result['scan']) => {
  const { order, login, outcome } = delivery;
  const scanned = scan?.images.get(delivery);
  return {
    source: order.source?.text,
    registry: login.host,
    repository: order.repository,
    tags: order.tags,
    digest: digestOf(delivery),
    uri: uriOf(delivery),
    result: outcome.kind,
    bytes: outcome.kind === 'pushed' ? outcome.traffic.bytes : 0,
    ...(outcome.kind === 'failed' ? { error: textOf(outcome.error) } : {}),
    ...('attached' in outcome ? { referrers: outcome.attached } : {}),
    ...(scanned === undefined ? {} : { verdict: scanned.verdict, scanCounts: scanned.counts }),
  };
};

/** The names of aws-actions/amazon-ecr-login. */
const suffixOf = (host: string): string => host.replaceAll(/[^a-zA-Z0-9_]+/gu, '_');

const loginOutputs = ({ logins }: Result): Outputs => ({
  ...(logins.length === 1 ? { registry: logins[0]?.host } : {}),
  ...Object.fromEntries(
    logins.flatMap(({ host, credentials }) => [
      [`docker_username_${suffixOf(host)}`, credentials.username],
      [`docker_password_${suffixOf(host)}`, credentials.password],
    ]),
  ),
});

const imageOutputs = ({ request, deliveries, scan }: Result): Outputs => {
  if (request.kind === 'login') return {};
  const [first] = deliveries;
  const there = deliveries.filter((delivery) => digestOf(delivery) !== undefined);
  return {
    ...(first === undefined ? {} : { digest: digestOf(first), 'image-uri': uriOf(first) }),
    'image-uris': there.flatMap(({ order, login }) =>
      order.tags.map((tag) => `${login.host}/${order.repository}:${tag}`),
    ),
    images: deliveries.map((delivery) => document(delivery, scan)),
    ...(request.kind === 'check'
      ? { exists: deliveries.every(({ outcome }) => outcome.kind === 'present') }
      : { pushed: deliveries.some(({ outcome }) => outcome.kind === 'pushed') }),
  };
};

const scanOutputs = ({ scan }: Result): Outputs =>
  scan === undefined
    ? {}
    : {
        verdict: scan.decision.gate,
        'scan-counts': scan.counts,
        'sarif-file': scan.files.sarif,
        'json-file': scan.files.json,
      };

const remarksOf = ({ scan }: Result): readonly Annotation[] =>
  scan?.decision.step === 'warn' ? [{ level: 'warning', title: 'Scan gate', text: scan.decision.reason }] : [];

/** What a result means to the outside. */
export const report = (result: Result): Report<Definition> => {
  const verdict = verdictOf(result);
  const { loginFolder } = result;
  return {
    verdict,
    outputs: { ...loginOutputs(result), ...imageOutputs(result), ...scanOutputs(result) },
    environment:
      loginFolder === undefined
        ? {}
        : {
            DOCKER_CONFIG: loginFolder.dockerConfig,
            REGISTRY_AUTH_FILE: loginFolder.authFile,
            BUILDX_CONFIG: loginFolder.buildxConfig,
          },
    summary: summaryOf(result, verdict).markdown,
    annotations: remarksOf(result),
  };
};
