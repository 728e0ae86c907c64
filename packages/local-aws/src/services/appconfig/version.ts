import { type Call, type Document, output, type Reply } from '../../call.js';
import { Refusal } from '../../refusal.js';
import { page } from './page.js';
import { badRequest, conflict, invalidConfiguration } from './refusal.js';
import type { AppConfigScenario } from './scenario.js';
import type { Profile, Store, Version } from './store.js';
import { featureFlagObjections } from './validator.js';

const tooLarge = (size: number, limit: number): Refusal =>
  new Refusal({
    code: 'PayloadTooLargeException',
    message: 'The configuration content is too large',
    status: 413,
    members: { Measure: 'KILOBYTES', Limit: limit, Size: size / 1024 },
  });

const fits = (label: string | undefined, pattern: string): boolean =>
  pattern.endsWith('*') ? (label ?? '').startsWith(pattern.slice(0, -1)) : label === pattern;

/** Hosted configuration versions. */
export class Versions {
  constructor(
    private readonly store: Store,
    private readonly scenario: AppConfigScenario,
  ) {}

  create(call: Call): Reply {
    const { input } = call;
    const profile = this.store.profile(call);
    const content = input['Content'] instanceof Uint8Array ? Buffer.from(input['Content']) : Buffer.alloc(0);
    const contentType = String(input['ContentType']);
    this.#check(profile, content, contentType);
    const label = this.#label(profile, input['VersionLabel']);
    const latest = input['LatestVersionNumber'];
    if (latest !== undefined && latest !== profile.lastVersion) {
      throw conflict(`LatestVersionNumber ${latest} is not the latest version, ${profile.lastVersion}`);
    }
    profile.lastVersion += 1;
    const description = typeof input['Description'] === 'string' ? input['Description'] : undefined;
    const number = profile.lastVersion;
    const version: Version = { number, content, contentType, label, description, createdAt: call.at };
    profile.versions.set(version.number, version);
    return this.#whole(call, version);
  }

  get(call: Call): Reply {
    return this.#whole(call, this.store.version(call));
  }

  list(call: Call): Reply {
    const { input, at } = call;
    const profile = this.store.profile(call);
    const pattern = input['VersionLabel'];
    const rows = [...profile.versions.values()]
      .filter(({ createdAt }) => createdAt <= at)
      .filter(({ label }) => pattern === undefined || fits(label, String(pattern)))
      .sort((one, other) => other.number - one.number);
    return page(rows, call, (version) => this.#summary(call, version));
  }

  delete(call: Call): Reply {
    this.store.profile(call).versions.delete(this.store.version(call).number);
    return output({});
  }

  #check(profile: Profile, content: Buffer, contentType: string): void {
    const { kilobytes } = this.scenario.limits;
    if (profile.location !== 'hosted') throw badRequest(`Profile ${profile.id} is not hosted by AppConfig`);
    if (content.length === 0) throw badRequest('Content must not be empty');
    if (content.length > kilobytes * 1024) throw tooLarge(content.length, kilobytes);
    if (profile.type !== 'AWS.AppConfig.FeatureFlags') return;
    if (contentType !== 'application/json') throw badRequest('Feature flags must be application/json');
    const objections = featureFlagObjections(content.toString());
    if (objections.length > 0) throw invalidConfiguration(objections);
  }

  #label(profile: Profile, given: unknown): string | undefined {
    if (given === undefined) return undefined;
    const label = String(given);
    if (label.length > 64 || /^\d*$/.test(label)) throw badRequest(`VersionLabel ${label} is not valid`);
    if ([...profile.versions.values()].some((version) => version.label === label)) {
      throw conflict(`VersionLabel ${label} already exists`);
    }
    return label;
  }

  #summary({ input }: Call, { number, contentType, label, description }: Version): Document {
    const { ApplicationId, ConfigurationProfileId } = input;
    const rest = { ContentType: contentType, VersionLabel: label, Description: description };
    return { ApplicationId, ConfigurationProfileId, VersionNumber: number, ...rest };
  }

  #whole(call: Call, version: Version): Reply {
    return output({ ...this.#summary(call, version), Content: version.content });
  }
}
