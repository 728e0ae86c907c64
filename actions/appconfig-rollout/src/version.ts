import { DeliveryError } from '@aws-delivery/action-kit/error';
import {
  CreateHostedConfigurationVersionCommand,
  ListHostedConfigurationVersionsCommand,
} from '@aws-sdk/client-appconfig';
import type { AppConfig } from './appconfig.js';
import { type Content, isLabelOf, labelOf } from './content.js';
import { Gate } from './pool.js';
import { isAnswer, isConflict } from './refusal.js';
import type { Waiting } from './waiting.js';

/** A hosted version as lists show it. */
export interface Version {
  readonly number: number;
  readonly label: string | undefined;
  readonly description: string | undefined;
}

export interface VersionWish {
  readonly applicationId: string;
  readonly profileId: string;
  /** The environment it is made for. */
  readonly environment: string;
  readonly content: Content;
  readonly commit: string | undefined;
  readonly description: string;
}

type Key = Pick<VersionWish, 'applicationId' | 'profileId'>;

/** The versions of a profile page by page, newest first. */
export async function* versionPages({ client }: AppConfig, key: Key): AsyncGenerator<readonly Version[]> {
  const ids = { ApplicationId: key.applicationId, ConfigurationProfileId: key.profileId };
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListHostedConfigurationVersionsCommand({ ...ids, NextToken: token, MaxResults: 50 }),
    );
    yield (page.Items ?? []).map(({ VersionNumber: number = 0, VersionLabel: label, Description: description }) => {
      return { number, label, description };
    });
    token = page.NextToken;
  } while (token !== undefined);
}

const readVersions = async (appConfig: AppConfig, key: Key, isWhole: boolean): Promise<readonly Version[]> => {
  const versions: Version[] = [];
  for await (const page of versionPages(appConfig, key)) {
    versions.push(...page);
    if (!isWhole) break;
  }
  return versions;
};

const ATTEMPTS = 5;

const tooLarge = (error: unknown, { content }: VersionWish): unknown => {
  if (!isAnswer(error, 'PayloadTooLargeException')) return error;
  const size = Math.ceil(Buffer.byteLength(content.text) / 1024);
  const message = `its ${size} KB are more than AppConfig holds: have the quota raised, or keep it in S3 (location in appconfig.yml)`;
  return new DeliveryError('refused', message, { cause: error });
};

/** Makes versions, those of one profile one after another: environments that share it would break each other's lock. */
export class Versions {
  private readonly turns = new Map<string, Gate>();

  constructor(
    private readonly appConfig: AppConfig,
    private readonly waiting: Waiting,
  ) {}

  /** The version that holds a content for an environment: an earlier run's, or a new one. */
  ensure(wish: VersionWish): Promise<Version> {
    const turn = this.turns.get(wish.profileId) ?? new Gate(1);
    this.turns.set(wish.profileId, turn);
    return turn.through(() => this.findOrCreate(wish));
  }

  private async findOrCreate(wish: VersionWish): Promise<Version> {
    const { environment, content } = wish;
    for (let attempt = 1; ; attempt += 1) {
      const versions = await readVersions(this.appConfig, wish, attempt > 1);
      const found = versions.find(({ label }) => isLabelOf(label, environment, content));
      if (found !== undefined) return found;
      const latest = Math.max(0, ...versions.map(({ number }) => number));
      try {
        return await this.create(wish, latest);
      } catch (error) {
        // Somebody made one meanwhile, or our own answer was lost: look again.
        if (!isConflict(error) || attempt === ATTEMPTS) throw tooLarge(error, wish);
      }
      // Lists may be behind.
      await this.waiting.clock.sleep(1000 * attempt, this.waiting.signal);
    }
  }

  private async create(wish: VersionWish, latest: number): Promise<Version> {
    const { applicationId, profileId, environment, content, commit, description } = wish;
    const label = labelOf(environment, content, commit);
    const { VersionNumber: number = 0 } = await this.appConfig.client.send(
      new CreateHostedConfigurationVersionCommand({
        ApplicationId: applicationId,
        ConfigurationProfileId: profileId,
        Content: Buffer.from(content.text),
        ContentType: content.contentType,
        Description: description,
        VersionLabel: label,
        // A profile without versions has no latest one to lock on.
        LatestVersionNumber: latest === 0 ? undefined : latest,
      }),
    );
    return { number, label, description };
  }
}
