import type { Annotation, Report } from '@aws-delivery/action-kit/host/run-action';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import type { Definition, Outputs } from '../../action.js';
import { listPendingTags } from '../push/publish-tags.js';
import type { PushResult } from '../push/push-result.js';
import type { Result } from '../result.js';
import { renderSummary } from './summary.js';
import { getVerdict } from './verdict.js';

const getDigest = ({ outcome }: PushResult): string | undefined => ('digest' in outcome ? outcome.digest : undefined);

/** `host/repository@digest`; undefined without a digest. */
const formatImageUri = (push: PushResult): string | undefined => {
  const digest = getDigest(push);
  return digest === undefined ? undefined : `${push.login.host}/${push.spec.repository}@${digest}`;
};

const buildImageDocument = (push: PushResult, scan: Result['scan']) => {
  const { spec, login, outcome } = push;
  const scanned = scan?.images.get(push);
  return {
    source: spec.source?.label,
    registry: login.host,
    repository: spec.repository,
    tags: spec.tags,
    digest: getDigest(push),
    uri: formatImageUri(push),
    result: outcome.kind,
    bytes: outcome.kind === 'pushed' || outcome.kind === 'untagged' ? outcome.stats.bytes : 0,
    ...(outcome.kind === 'failed' ? { error: errorMessage(outcome.error) } : {}),
    ...('referrers' in outcome ? { referrers: outcome.referrers } : {}),
    ...(push.replicas === undefined ? {} : { replicas: push.replicas }),
    ...(scanned === undefined ? {} : { verdict: scanned.verdict, scanCounts: scanned.counts }),
  };
};

/** Suffix of the output names of aws-actions/amazon-ecr-login. */
const formatOutputSuffix = (host: string): string => host.replaceAll(/[^a-zA-Z0-9_]+/gu, '_');

const buildLoginOutputs = ({ logins }: Result): Outputs => ({
  ...(logins.length === 1 ? { registry: logins[0]?.host } : {}),
  ...Object.fromEntries(
    logins.flatMap(({ host, credentials }) => [
      [`docker_username_${formatOutputSuffix(host)}`, credentials.username],
      [`docker_password_${formatOutputSuffix(host)}`, credentials.password],
    ]),
  ),
});

const buildImageOutputs = ({ request, pushes, scan }: Result): Outputs => {
  if (request.kind === 'login') return {};
  const [first] = pushes;
  const existing = pushes.filter((push) => getDigest(push) !== undefined);
  return {
    ...(first === undefined ? {} : { digest: getDigest(first), 'image-uri': formatImageUri(first) }),
    'image-uris': existing.flatMap(({ spec, login, outcome }) =>
      spec.tags
        .filter((tag) => !listPendingTags(outcome).includes(tag))
        .map((tag) => `${login.host}/${spec.repository}:${tag}`),
    ),
    images: pushes.map((push) => buildImageDocument(push, scan)),
    ...(request.kind === 'check'
      ? { exists: pushes.every(({ outcome }) => outcome.kind === 'present') }
      : { pushed: pushes.some(({ outcome }) => outcome.kind === 'pushed') }),
  };
};

const buildScanOutputs = ({ scan }: Result): Outputs =>
  scan === undefined
    ? {}
    : {
        verdict: scan.decision.verdict,
        'scan-counts': scan.counts,
        'sarif-file': scan.files.sarif,
        'json-file': scan.files.json,
      };

const buildAnnotations = ({ scan }: Result): readonly Annotation[] =>
  scan?.decision.step === 'warn' ? [{ level: 'warning', title: 'Scan gate', message: scan.decision.reason }] : [];

/** Maps a result to verdict, outputs, environment, summary and annotations. */
export const report = (result: Result): Report<Definition> => {
  const verdict = getVerdict(result);
  const { loginDirectory } = result;
  return {
    verdict,
    outputs: { ...buildLoginOutputs(result), ...buildImageOutputs(result), ...buildScanOutputs(result) },
    environment:
      loginDirectory === undefined
        ? {}
        : {
            DOCKER_CONFIG: loginDirectory.dockerConfig,
            REGISTRY_AUTH_FILE: loginDirectory.authFile,
            BUILDX_CONFIG: loginDirectory.buildxConfig,
          },
    summary: renderSummary(result, verdict).markdown,
    annotations: buildAnnotations(result),
    unusedExceptions: result.scan?.unusedExceptions,
  };
};
