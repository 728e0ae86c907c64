import { mapConcurrent, Semaphore } from '@aws-delivery/action-kit/util/concurrency';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { hasServiceErrorCode } from '@aws-delivery/aws/error';
import {
  CreateHostedConfigurationVersionCommand,
  GetHostedConfigurationVersionCommand,
} from '@aws-sdk/client-appconfig';
import type { AppConfig, WaitContext } from '../appconfig/client.js';
import { hasMarker } from '../appconfig/ownership.js';
import { type HostedProfileRef, type HostedVersion, listVersions } from '../appconfig/resources.js';
import { isConflict } from '../appconfig/service-error.js';
import { type Content, formatLabel, isLabelFor } from '../desired/documents/content.js';

export interface VersionSpec extends HostedProfileRef {
  /** The environment that the version is for: its label names it. */
  readonly environment: string;
  readonly content: Content;
  readonly commit: string | undefined;
  readonly description: string;
}

const MAX_ATTEMPTS = 5;
const LABEL_CONCURRENCY = 8;

const explainTooLarge = (error: unknown, { content }: VersionSpec): unknown => {
  if (!hasServiceErrorCode(error, 'PayloadTooLargeException')) return error;
  const size = Math.ceil(Buffer.byteLength(content.text) / 1024);
  const message = `the content of ${size} KB exceeds the AppConfig quota: request a quota increase, or store it in S3 (location in appconfig.yml)`;
  return new DeliveryError('rejected', message, { cause: error });
};

/** Creates hosted versions, one at a time per profile: environments that share it would break each other's lock. */
export class HostedVersions {
  private readonly locks = new Map<string, Semaphore>();

  constructor(
    private readonly appConfig: AppConfig,
    private readonly waitContext: WaitContext,
  ) {}

  /** Finds the version of a content for an environment by its label, or creates it. */
  ensure(spec: VersionSpec): Promise<HostedVersion> {
    const lock = this.locks.get(spec.profileId) ?? new Semaphore(1);
    this.locks.set(spec.profileId, lock);
    return lock.run(() => this.findOrCreate(spec));
  }

  private async findOrCreate(spec: VersionSpec): Promise<HostedVersion> {
    const { environment, content } = spec;
    for (let attempt = 1; ; attempt += 1) {
      const versions = await listVersions(this.appConfig, spec, { firstPageOnly: attempt === 1 });
      const found = (await this.readMissingLabels(spec, versions)).find(({ label }) =>
        isLabelFor(label, environment, content),
      );
      if (found !== undefined) return found;
      const latest = Math.max(0, ...versions.map(({ number }) => number));
      try {
        return await this.create(spec, latest);
      } catch (error) {
        // Another version was created concurrently, or the response of this call was lost: list again.
        if (!isConflict(error) || attempt === MAX_ATTEMPTS) throw explainTooLarge(error, spec);
      }
      // Lists are eventually consistent.
      await this.waitContext.clock.sleep(1000 * attempt, this.waitContext.signal);
    }
  }

  /** Reads labels that the list omits, of versions of this action: it labels every version. */
  private async readMissingLabels(
    { applicationId, profileId }: VersionSpec,
    versions: readonly HostedVersion[],
  ): Promise<readonly HostedVersion[]> {
    const isIncomplete = ({ label, description }: HostedVersion) => label === undefined && hasMarker(description);
    return mapConcurrent(versions, LABEL_CONCURRENCY, async (version) => {
      if (!isIncomplete(version)) return version;
      const { VersionLabel: label } = await this.appConfig.client.send(
        new GetHostedConfigurationVersionCommand({
          ApplicationId: applicationId,
          ConfigurationProfileId: profileId,
          VersionNumber: version.number,
        }),
      );
      return { ...version, label };
    });
  }

  private async create(spec: VersionSpec, latest: number): Promise<HostedVersion> {
    const { applicationId, profileId, environment, content, commit, description } = spec;
    const label = formatLabel(environment, content, commit);
    const { VersionNumber: number = 0 } = await this.appConfig.client.send(
      new CreateHostedConfigurationVersionCommand({
        ApplicationId: applicationId,
        ConfigurationProfileId: profileId,
        Content: Buffer.from(content.text),
        ContentType: content.contentType,
        Description: description,
        VersionLabel: label,
        // A profile without versions has none to lock on.
        LatestVersionNumber: latest === 0 ? undefined : latest,
      }),
    );
    return { number, label, description };
  }
}
