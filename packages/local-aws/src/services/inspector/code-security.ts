import { apiError, type Call, type Document, type Handle, output, type Reply } from '../../call.js';
import type { ServiceContext } from '../../service.js';
import { Timeline } from '../../timeline.js';
import { isDocument } from '../../wire/json.js';
import type { CodeProjectScenario } from './code-security-scenario.js';
import type { Listed, Part } from './part.js';
import type { InspectorScenario } from './scenario.js';

interface Scan {
  readonly id: string;
  readonly token: unknown;
  readonly states: Timeline<string>;
}

/** A repository that is connected, and its scans. */
class Project {
  readonly id: string;
  /** What coverage and findings call it. */
  readonly arn: string;
  readonly #scans: Scan[] = [];

  constructor(
    readonly given: CodeProjectScenario,
    private readonly context: ServiceContext<InspectorScenario>,
  ) {
    const { account, partition, random } = context;
    this.id = `project-${random.uuid()}`;
    this.arn = `arn:${partition}:inspector2:us-east-1:${account}:codesecurity-integration/${random.uuid()}/${this.id}`;
  }

  start({ input, at }: Call): Reply {
    const token = input['clientToken'];
    const same = this.#scans.find((scan) => token !== undefined && scan.token === token);
    const { takes, outcome } = this.given.scan;
    const states = new Timeline<string>().plan(at, 'IN_PROGRESS').plan(at + takes, outcome);
    const scan = same ?? { id: this.context.random.uuid(), token, states };
    if (same === undefined) this.#scans.push(scan);
    return output({ scanId: scan.id, status: scan.states.latest(at)?.fact });
  }

  describe({ input, at }: Call): Reply {
    const scan = this.#scans.find(({ id }) => id === input['scanId']);
    if (scan === undefined) return apiError('ResourceNotFoundException', 'The scan does not exist.', 404);
    const status = scan.states.latest(at)?.fact;
    return output({
      scanId: scan.id,
      resource: { projectId: this.id },
      accountId: this.context.account,
      status,
      statusReason: status === 'IN_PROGRESS' ? undefined : this.given.scan.reason,
      lastCommitId: status === 'SUCCESSFUL' ? this.given.scan.commit : undefined,
    });
  }

  scannedAt(at: number): string | undefined {
    const isDone = this.#scans.some(({ states }) => states.latest(at)?.fact === 'SUCCESSFUL');
    return isDone ? this.given.scan.commit : this.given.scanned;
  }
}

const resourceIn = ({ input }: Call): unknown =>
  isDocument(input['resource']) ? input['resource']['projectId'] : undefined;

/** Code security: repositories that are connected, scans of them, and what they find. */
export class CodeSecurity implements Part {
  readonly #projects: readonly Project[];

  constructor(private readonly context: ServiceContext<InspectorScenario>) {
    this.#projects = context.scenario.codeProjects.map((given) => new Project(given, context));
  }

  get operations(): Readonly<Record<string, Handle>> {
    return {
      StartCodeSecurityScan: async (call) => this.#on(call, (project) => project.start(call)),
      GetCodeSecurityScan: async (call) => this.#on(call, (project) => project.describe(call)),
    };
  }

  coverage({ at }: Call): readonly Listed[] {
    return this.#projects.map((project) => {
      const { name: projectName, provider: providerType } = project.given;
      const codeRepository = { projectName, providerType, providerTypeVisibility: 'PRIVATE' };
      return {
        criteria: { resourceType: 'CODE_REPOSITORY', codeRepositoryProjectName: projectName },
        document: {
          resourceType: 'CODE_REPOSITORY',
          resourceId: project.arn,
          accountId: this.context.account,
          scanType: 'CODE',
          resourceMetadata: { codeRepository: { ...codeRepository, lastScannedCommitId: project.scannedAt(at) } },
        },
      };
    });
  }

  findings(): readonly Listed[] {
    return this.#projects.flatMap((project) =>
      project.given.findings.map((finding, index) => ({
        criteria: {
          resourceId: project.arn,
          codeRepositoryProjectName: project.given.name,
          findingStatus: finding.status,
          findingType: 'CODE_VULNERABILITY',
          severity: finding.severity,
        },
        document: this.#describe(finding, index, project),
      })),
    );
  }

  #describe(finding: CodeProjectScenario['findings'][number], index: number, project: Project): Document {
    const { account, partition } = this.context;
    const { name: projectName } = project.given;
    const { file, line, detector, cwes, urls, remediation } = finding;
    const [detectorName] = detector.split('/').slice(-1);
    const filePath = { fileName: file.split('/').at(-1), filePath: file, startLine: line, endLine: line };
    return {
      findingArn: `arn:${partition}:inspector2:us-east-1:${account}:finding/${project.id}/${index}`,
      awsAccountId: account,
      type: 'CODE_VULNERABILITY',
      title: finding.title,
      description: finding.description,
      severity: finding.severity,
      status: finding.status,
      remediation: { recommendation: remediation === undefined ? {} : { text: remediation } },
      resources: [{ type: 'CODE_REPOSITORY', id: project.arn, details: { codeRepository: { projectName } } }],
      firstObservedAt: new Date(this.context.clock.now()),
      lastObservedAt: new Date(this.context.clock.now()),
      codeVulnerabilityDetails: { filePath, detectorId: detector, detectorName, cwes, referenceUrls: urls },
    };
  }

  #on(call: Call, answer: (project: Project) => Reply): Reply {
    const project = this.#projects.find(({ id }) => id === resourceIn(call));
    return project === undefined
      ? apiError('ResourceNotFoundException', 'The project does not exist.', 404)
      : answer(project);
  }
}
