import { type ApiCall, type Document, output, type ServiceResponse } from '../../api-call.js';
import { readString } from '../../protocols/document.js';
import { ServiceError } from '../../service-error.js';
import { paginate } from './pagination.js';
import type { AppConfigScenario } from './scenario.js';
import { badRequestError, conflictError, invalidConfigurationError } from './service-errors.js';
import type { Profile, Store, Version } from './store.js';
import { validateFeatureFlags } from './validator.js';

const payloadTooLargeError = (size: number, limit: number): ServiceError =>
  new ServiceError({
    code: 'PayloadTooLargeException',
    message: 'The configuration content is too large',
    status: 413,
    members: { Measure: 'KILOBYTES', Limit: limit, Size: size / 1024 },
  });

const matchesLabel = (label: string | undefined, pattern: string): boolean =>
  pattern.endsWith('*') ? (label ?? '').startsWith(pattern.slice(0, -1)) : label === pattern;

/** Hosted configuration versions. */
export class Versions {
  constructor(
    private readonly store: Store,
    private readonly scenario: AppConfigScenario,
  ) {}

  create(call: ApiCall): ServiceResponse {
    const { input } = call;
    const profile = this.store.getProfile(call);
    const content = input['Content'] instanceof Uint8Array ? Buffer.from(input['Content']) : Buffer.alloc(0);
    const contentType = String(input['ContentType']);
    this.validate(profile, content, contentType);
    const label = this.parseLabel(profile, input['VersionLabel']);
    const latest = input['LatestVersionNumber'];
    if (latest !== undefined && latest !== profile.lastVersion) {
      throw conflictError(`LatestVersionNumber ${latest} is not the latest version, ${profile.lastVersion}`);
    }
    profile.lastVersion += 1;
    const description = readString(input['Description']);
    const number = profile.lastVersion;
    const version: Version = { number, content, contentType, label, description, createdAt: call.at };
    profile.versions.set(version.number, version);
    return this.buildResponse(call, version);
  }

  get(call: ApiCall): ServiceResponse {
    return this.buildResponse(call, this.store.getVersion(call));
  }

  list(call: ApiCall): ServiceResponse {
    const { input, at } = call;
    const profile = this.store.getProfile(call);
    const pattern = input['VersionLabel'];
    const rows = [...profile.versions.values()]
      .filter(({ createdAt }) => createdAt <= at)
      .filter(({ label }) => pattern === undefined || matchesLabel(label, String(pattern)))
      .sort((a, b) => b.number - a.number);
    return paginate(rows, call, (version) => this.describe(call, version));
  }

  delete(call: ApiCall): ServiceResponse {
    this.store.getProfile(call).versions.delete(this.store.getVersion(call).number);
    return output({});
  }

  private validate(profile: Profile, content: Buffer, contentType: string): void {
    const { kilobytes } = this.scenario.limits;
    if (profile.location !== 'hosted') throw badRequestError(`Profile ${profile.id} is not hosted by AppConfig`);
    if (content.length === 0) throw badRequestError('Content must not be empty');
    if (content.length > kilobytes * 1024) throw payloadTooLargeError(content.length, kilobytes);
    if (profile.type !== 'AWS.AppConfig.FeatureFlags') return;
    if (contentType !== 'application/json') throw badRequestError('Feature flags must be application/json');
    const details = validateFeatureFlags(content.toString());
    if (details.length > 0) throw invalidConfigurationError(details);
  }

  private parseLabel(profile: Profile, raw: unknown): string | undefined {
    if (raw === undefined) return undefined;
    const label = String(raw);
    if (label.length > 64 || /^\d*$/.test(label)) throw badRequestError(`VersionLabel ${label} is not valid`);
    if ([...profile.versions.values()].some((version) => version.label === label)) {
      throw conflictError(`VersionLabel ${label} already exists`);
    }
    return label;
  }

  private describe({ input }: ApiCall, { number, contentType, label, description }: Version): Document {
    const { ApplicationId, ConfigurationProfileId } = input;
    const rest = { ContentType: contentType, VersionLabel: label, Description: description };
    return { ApplicationId, ConfigurationProfileId, VersionNumber: number, ...rest };
  }

  private buildResponse(call: ApiCall, version: Version): ServiceResponse {
    return output({ ...this.describe(call, version), Content: version.content });
  }
}
