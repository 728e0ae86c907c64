import type { ApiCall, Document } from '../../api-call.js';
import { readDocument } from '../../protocols/document.js';
import type { OperationHandlers, ServiceContext } from '../../service.js';
import { serviceError } from '../../service-error.js';
import { Timeline } from '../../time/timeline.js';
import type { FindingSource, ListedItem } from './finding-source.js';
import type { CodeProjectScenario, InspectorScenario } from './scenario.js';

interface Scan {
  readonly id: string;
  readonly token: unknown;
  readonly states: Timeline<string>;
}

/** A connected repository and its scans. */
class Project {
  readonly id: string;
  /** Resource id in coverage and findings. */
  readonly arn: string;
  private readonly scans: Scan[] = [];

  constructor(
    readonly config: CodeProjectScenario,
    private readonly context: ServiceContext<InspectorScenario>,
  ) {
    const { account, partition, random } = context;
    this.id = `project-${random.uuid()}`;
    this.arn = `arn:${partition}:inspector2:us-east-1:${account}:codesecurity-integration/${random.uuid()}/${this.id}`;
  }

  startScan({ input, at }: ApiCall): Document {
    const token = input['clientToken'];
    const existing = this.scans.find((scan) => token !== undefined && scan.token === token);
    const { takes, outcome } = this.config.scan;
    const states = new Timeline<string>().plan(at, 'IN_PROGRESS').plan(at + takes, outcome);
    const scan = existing ?? { id: this.context.random.uuid(), token, states };
    if (existing === undefined) this.scans.push(scan);
    return { scanId: scan.id, status: scan.states.findLatest(at)?.value };
  }

  describeScan({ input, at }: ApiCall): Document {
    const scan = this.scans.find(({ id }) => id === input['scanId']);
    if (scan === undefined) throw serviceError('ResourceNotFoundException', 'The scan does not exist.', 404);
    const status = scan.states.findLatest(at)?.value;
    return {
      scanId: scan.id,
      resource: { projectId: this.id },
      accountId: this.context.account,
      status,
      statusReason: status === 'IN_PROGRESS' ? undefined : this.config.scan.reason,
      lastCommitId: status === 'SUCCESSFUL' ? this.config.scan.commit : undefined,
    };
  }

  getScannedCommit(at: number): string | undefined {
    const isDone = this.scans.some(({ states }) => states.findLatest(at)?.value === 'SUCCESSFUL');
    return isDone ? this.config.scan.commit : this.config.scanned;
  }
}

/** Code security: connected repositories, their scans and findings. */
export class CodeSecurity implements FindingSource {
  private readonly projects: readonly Project[];

  constructor(private readonly context: ServiceContext<InspectorScenario>) {
    this.projects = context.scenario.codeProjects.map((config) => new Project(config, context));
  }

  readonly handlers: OperationHandlers = {
    StartCodeSecurityScan: (call) => this.getProject(call).startScan(call),
    GetCodeSecurityScan: (call) => this.getProject(call).describeScan(call),
  };

  listCoverage({ at }: ApiCall): readonly ListedItem[] {
    return this.projects.map((project) => {
      const { name: projectName, provider: providerType } = project.config;
      const codeRepository = { projectName, providerType, providerTypeVisibility: 'PRIVATE' };
      return {
        criteria: { resourceType: 'CODE_REPOSITORY', codeRepositoryProjectName: projectName },
        document: {
          resourceType: 'CODE_REPOSITORY',
          resourceId: project.arn,
          accountId: this.context.account,
          scanType: 'CODE',
          resourceMetadata: {
            codeRepository: { ...codeRepository, lastScannedCommitId: project.getScannedCommit(at) },
          },
        },
      };
    });
  }

  listFindings(): readonly ListedItem[] {
    return this.projects.flatMap((project) =>
      project.config.findings.map((finding, index) => ({
        criteria: {
          resourceId: project.arn,
          codeRepositoryProjectName: project.config.name,
          findingStatus: finding.status,
          findingType: 'CODE_VULNERABILITY',
          severity: finding.severity,
        },
        document: this.describeFinding(finding, index, project),
      })),
    );
  }

  private describeFinding(finding: CodeProjectScenario['findings'][number], index: number, project: Project): Document {
    const { account, partition } = this.context;
    const { name: projectName } = project.config;
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

  private getProject({ input }: ApiCall): Project {
    const { projectId } = readDocument(input['resource']);
    const project = this.projects.find(({ id }) => id === projectId);
    if (project !== undefined) return project;
    throw serviceError('ResourceNotFoundException', 'The project does not exist.', 404);
  }
}
