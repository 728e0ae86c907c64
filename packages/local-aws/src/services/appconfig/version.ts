import type { ApiCall, Document } from '../../api-call.js';
import { paginate } from '../../pagination.js';
import { readString } from '../../protocols/document.js';
import type { OperationHandlers } from '../../service.js';
import { serviceError } from '../../service-error.js';
import type { AppConfigScenario } from './scenario.js';
import { assertValid, badRequestError, conflictError, notFoundError } from './service-errors.js';
import type { Profile, Store, Version } from './store.js';
import { validateFeatureFlags } from './validator.js';

const matchesLabel = (label: string | undefined, pattern: string): boolean =>
  pattern.endsWith('*') ? (label ?? '').startsWith(pattern.slice(0, -1)) : label === pattern;

const parseLabel = ({ versions }: Profile, raw: unknown): string | undefined => {
  if (raw === undefined) return undefined;
  const label = String(raw);
  if (label.length > 64 || /^\d*$/.test(label)) throw badRequestError(`VersionLabel ${label} is not valid`);
  if ([...versions.values()].some(({ VersionLabel }) => VersionLabel === label))
    throw conflictError(`VersionLabel ${label} already exists`);
  return label;
};

/** @throws ServiceError for content that AppConfig rejects when it is stored */
const checkContent = (
  { Id, Type, LocationUri }: Profile,
  content: Buffer,
  contentType: string,
  limit: number,
): void => {
  if (LocationUri !== 'hosted') throw badRequestError(`Profile ${Id} is not hosted by AppConfig`);
  if (content.length === 0) throw badRequestError('Content must not be empty');
  if (content.length > limit * 1024) {
    const members = { Measure: 'KILOBYTES', Limit: limit, Size: content.length / 1024 };
    throw serviceError('PayloadTooLargeException', 'The configuration content is too large', 413, members);
  }
  if (Type !== 'AWS.AppConfig.FeatureFlags') return;
  if (contentType !== 'application/json') throw badRequestError('Feature flags must be application/json');
  assertValid(validateFeatureFlags(content.toString()));
};

const getVersion = ({ versions }: Profile, { input: { VersionNumber: number } }: ApiCall): Version => {
  const version = versions.get(Number(number));
  if (version === undefined) throw notFoundError(`HostedConfigurationVersion ${number}`);
  return version;
};

const describe = ({ input }: ApiCall, version: Version): Document => {
  const { ApplicationId, ConfigurationProfileId } = input;
  return { ApplicationId, ConfigurationProfileId, ...version };
};

/** Operations on hosted configuration versions. */
export const createVersionHandlers = (store: Store, { limits }: AppConfigScenario): OperationHandlers => ({
  CreateHostedConfigurationVersion: (call) => {
    const { input } = call;
    const profile = store.getProfile(call);
    const Content = input['Content'] instanceof Uint8Array ? Buffer.from(input['Content']) : Buffer.alloc(0);
    const ContentType = String(input['ContentType']);
    checkContent(profile, Content, ContentType, limits.kilobytes);
    const VersionLabel = parseLabel(profile, input['VersionLabel']);
    const latest = input['LatestVersionNumber'];
    if (latest !== undefined && latest !== profile.lastVersion)
      throw conflictError(`LatestVersionNumber ${latest} is not the latest version, ${profile.lastVersion}`);
    profile.lastVersion += 1;
    const VersionNumber = profile.lastVersion;
    const Description = readString(input['Description']);
    const version = { VersionNumber, Content, ContentType, VersionLabel, Description, createdAt: call.at };
    profile.versions.set(VersionNumber, version);
    return describe(call, version);
  },
  GetHostedConfigurationVersion: (call) => describe(call, getVersion(store.getProfile(call), call)),
  ListHostedConfigurationVersions: (call) => {
    const { VersionLabel: pattern } = call.input;
    const rows = [...store.getProfile(call).versions.values()]
      .filter(({ createdAt }) => createdAt <= call.at)
      .filter(({ VersionLabel }) => pattern === undefined || matchesLabel(VersionLabel, String(pattern)))
      .sort((a, b) => b.VersionNumber - a.VersionNumber);
    return paginate(call, rows, { items: 'Items', defaultSize: 50 }, (version) => describe(call, version));
  },
  DeleteHostedConfigurationVersion: (call) => {
    const profile = store.getProfile(call);
    profile.versions.delete(getVersion(profile, call).VersionNumber);
    return {};
  },
});
