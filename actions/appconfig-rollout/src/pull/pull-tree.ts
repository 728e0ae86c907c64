import { join } from 'node:path';
import { logList } from '@aws-delivery/action-kit/host/log';
import { mapConcurrent } from '@aws-delivery/action-kit/util/concurrency';
import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { readEnvironmentState } from '../appconfig/deployments.js';
import {
  listApplications,
  listEnvironments,
  listProfiles,
  type NamedResource,
  type ProfileEntry,
} from '../appconfig/resources.js';
import { readConfiguration, type Workspace } from '../desired/desired-configuration.js';
import {
  type DesiredConfiguration,
  type DesiredProfile,
  formatProfileKey,
  formatProfileName,
  type ProfileRef,
} from '../desired/desired-profile.js';
import type { Content } from '../desired/documents/content.js';
import { isSelected } from '../inputs/name-pattern.js';
import type { PullRequest } from '../inputs/parse-request.js';
import { compareContents } from '../plan/content-difference.js';
import { readDeployedContent } from '../plan/deployed-content.js';
import { formatDifference } from '../plan/difference.js';
import type { RunContext } from '../run-context.js';
import type { ProfileResult } from '../run-record.js';

type PullContext = RunContext<PullRequest>;

const TENANT_CONCURRENCY = 8;
const EXTENSIONS: Readonly<Record<Content['format'], string>> = { json: 'json', yaml: 'yaml', text: 'txt' };

// Names in AppConfig may contain any characters; a file must stay in its directory.
const FILE_NAME_PATTERN = /^[\p{L}\p{N}_-][\p{L}\p{N} ._@+-]*$/u;

const assertFileNames = ({ tenant, environment, profile }: ProfileRef): void => {
  const invalid = [tenant, environment, profile].find((name) => !FILE_NAME_PATTERN.test(name));
  if (invalid !== undefined)
    throw new DeliveryError('invalid-input', `the name '${invalid}' cannot be a file name: rename it in AppConfig`);
};

/** The tree as it is, without selection; undefined for a tree that does not exist yet. */
const readTree = async (request: PullRequest, workspace: Workspace): Promise<DesiredConfiguration | undefined> => {
  const { root } = request.source;
  if ((await workspace.files.list(join(root, 'tenants'))) === undefined) return undefined;
  const selection = { environments: [], tenants: [], profiles: [], changedSince: undefined };
  return readConfiguration({ ...request, mode: 'validate', selection }, workspace);
};

/** Tenants that `tenants` selects; without patterns, those of the tree, or every application for a new tree. */
const selectApplications = (
  applications: readonly NamedResource[],
  { selection }: PullRequest,
  tree: DesiredConfiguration | undefined,
): readonly NamedResource[] => {
  const unmatched = selection.tenants.find((pattern) => !applications.some(({ name }) => isSelected(name, [pattern])));
  if (unmatched !== undefined)
    throw new DeliveryError('not-found', `input 'tenants': '${unmatched}' not found: no application has this name`);
  if (selection.tenants.length > 0) return applications.filter(({ name }) => isSelected(name, selection.tenants));
  return tree === undefined ? applications : applications.filter(({ name }) => tree.tenants.has(name));
};

class TreePuller {
  private readonly desired: ReadonlyMap<string, DesiredProfile>;
  private readonly flagProfiles = new Set<string>();

  constructor(
    private readonly context: PullContext,
    private readonly workspace: Workspace,
    private readonly tree: DesiredConfiguration | undefined,
  ) {
    this.desired = new Map((tree?.profiles ?? []).map((profile) => [formatProfileKey(profile), profile]));
  }

  async pullTenant(application: NamedResource): Promise<void> {
    const { appConfig, request } = this.context;
    const [environments, profiles] = await Promise.all([
      listEnvironments(appConfig, application.id),
      listProfiles(appConfig, application.id),
    ]);
    const { selection } = request;
    const selectedProfiles = profiles.filter(({ name }) => isSelected(name, selection.profiles));
    for (const environment of environments.filter(({ name }) => isSelected(name, selection.environments)))
      await this.pullEnvironment(application, environment, selectedProfiles);
  }

  /** Writes the settings that the pulled profiles need, or names them in a notice if there are settings already. */
  async writeSettings(): Promise<void> {
    const types = this.tree?.settings.profiles;
    const missing = [...this.flagProfiles].filter((name) => types?.get(name)?.type !== 'AWS.AppConfig.FeatureFlags');
    if (missing.length === 0) return;
    const { root } = this.context.request.source;
    const { files = [] } = (await this.workspace.files.list(root)) ?? {};
    const settings = files.find((name) => /^appconfig\.ya?ml$/.test(name));
    const lines = missing.sort().map((name) => `  ${JSON.stringify(name)}: { type: AWS.AppConfig.FeatureFlags }\n`);
    if (settings === undefined) {
      await this.workspace.files.write(join(root, 'appconfig.yml'), `profiles:\n${lines.join('')}`);
      return;
    }
    this.context.record.notices.push(
      `Set the type AWS.AppConfig.FeatureFlags in ${join(root, settings)} for these profiles: ${missing.join(', ')}`,
    );
  }

  private async pullEnvironment(
    application: NamedResource,
    environment: NamedResource,
    profiles: readonly ProfileEntry[],
  ): Promise<void> {
    const { appConfig, record } = this.context;
    const environmentRef = { applicationId: application.id, environmentId: environment.id };
    const { deployed } = await readEnvironmentState(
      appConfig,
      environmentRef,
      profiles.map(({ id }) => id),
    );
    for (const profile of profiles) {
      const deployment = deployed.get(profile.id);
      if (deployment === undefined) continue;
      const ref = { tenant: application.name, environment: environment.name, profile: profile.name };
      const { version, label } = deployment;
      const result = await this.pullProfile(ref, profile, () =>
        readDeployedContent(appConfig, application.id, deployment, toProfileType(profile)),
      ).catch((error: unknown) => ({ state: 'failed' as const, reason: errorMessage(error) }));
      record.set({ ...ref, version, label, ...result });
    }
  }

  private async pullProfile(
    ref: ProfileRef,
    profile: ProfileEntry,
    readContent: () => Promise<Content | undefined>,
  ): Promise<Pick<ProfileResult, 'state' | 'reason' | 'file' | 'differences'>> {
    if (profile.location !== 'hosted') {
      const reason = `stored in ${profile.location}: set this location in appconfig.yml`;
      return { state: 'unchanged', reason };
    }
    assertFileNames(ref);
    const content = await readContent();
    if (content === undefined)
      throw new DeliveryError(
        'not-found',
        'the deployed version was deleted, or its content is not valid: deploy another',
      );
    if (toProfileType(profile) === 'AWS.AppConfig.FeatureFlags') this.flagProfiles.add(profile.name);
    return this.writeContent(ref, content);
  }

  private async writeContent(
    ref: ProfileRef,
    content: Content,
  ): Promise<Pick<ProfileResult, 'state' | 'file' | 'differences'>> {
    const { request } = this.context;
    const source = this.desired.get(formatProfileKey(ref))?.source;
    const current = source?.kind === 'hosted' ? source : undefined;
    if (current?.content.digest === content.digest && current.content.contentType === content.contentType)
      return { state: 'unchanged', file: current.file };
    const directory = join(request.source.root, 'tenants', ref.tenant, ref.environment);
    const ownFile = current?.file.startsWith(`${directory}/`) ? current.file : undefined;
    const hasFormat = current?.content.contentType === content.contentType;
    const newFile = join(directory, `${ref.profile}.${EXTENSIONS[content.format]}`);
    const file = hasFormat ? (ownFile ?? newFile) : newFile;
    const differences = compareContents(current?.content, content);
    if (current !== undefined && !request.overwrite) return { state: 'differs', file: current.file, differences };
    if (ownFile !== undefined && ownFile !== file) await this.workspace.files.remove(ownFile);
    await this.workspace.files.write(file, content.text);
    return { state: 'pulled', file, differences };
  }
}

const toProfileType = ({ type }: ProfileEntry): DesiredProfile['type'] =>
  type === 'AWS.AppConfig.FeatureFlags' ? type : 'AWS.Freeform';

/**
 * Writes the deployed content of hosted profiles into the tree. A file whose content differs is replaced only with
 * `overwrite`; the differences are recorded and logged in both cases.
 */
export const pullTree = async (context: PullContext, workspace: Workspace): Promise<void> => {
  const { appConfig, request, record, log } = context;
  const tree = await readTree(request, workspace);
  const applications = selectApplications(await listApplications(appConfig), request, tree);
  const puller = new TreePuller(context, workspace, tree);
  await mapConcurrent(applications, TENANT_CONCURRENCY, (application) => puller.pullTenant(application));
  await puller.writeSettings();
  const differing = record.results.filter(({ state }) => state === 'differs');
  if (differing.length > 0)
    record.notices.push("Files that differ were not changed: set 'overwrite: true' to replace them");
  logList(
    log,
    record.results.flatMap((result) => [
      `${formatProfileName(result)}: ${result.state}${result.file === undefined ? '' : ` (${result.file})`}`,
      ...(result.state === 'failed' ? [] : (result.differences ?? []).map((each) => `  ${formatDifference(each)}`)),
    ]),
  );
};
