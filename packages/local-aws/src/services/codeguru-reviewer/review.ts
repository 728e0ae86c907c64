import type { ApiCall, Document } from '../../api-call.js';
import { paginate } from '../../pagination.js';
import { isDocument } from '../../protocols/document.js';
import type { OperationHandlers, ServiceContext } from '../../service.js';
import { type ServiceError, serviceError } from '../../service-error.js';
import { Timeline } from '../../time/timeline.js';
import type { Associations } from './association.js';
import type { CodeguruReviewerScenario, RecommendationScenario } from './scenario.js';

const PAGE = { items: 'RecommendationSummaries', defaultSize: 300, range: [1, 300] } as const;

interface Review {
  readonly arn: string;
  readonly name: string;
  readonly token: unknown;
  readonly states: Timeline<string>;
  readonly association: string;
  readonly sourceCode: unknown;
  readonly analysisTypes: unknown;
}

const validationError = (message: string): ServiceError => serviceError('ValidationException', message);

const readPath = (value: unknown, ...names: readonly string[]): unknown =>
  names.reduce((at, name) => (isDocument(at) ? at[name] : undefined), value);

/** The scenario's recommendations, each repeated `times` times with its own id. */
const buildRecommendations = (scenarios: readonly RecommendationScenario[]): readonly Document[] =>
  scenarios.flatMap(({ file, line, endLine = line, severity, category, description, rule, tags, times }, index) =>
    Array.from({ length: times }, (_, offset) => ({
      RecommendationId: `recommendation-${index}-${offset}`,
      FilePath: file,
      StartLine: line + offset,
      EndLine: endLine + offset,
      Severity: severity,
      RecommendationCategory: category,
      Description: description,
      RuleMetadata: { RuleId: rule, RuleName: rule.replace(/@.*$/, ''), ShortDescription: description, RuleTags: tags },
    })),
  );

/** Code reviews; the scenario determines their result. */
export class Reviews {
  private readonly all = new Map<string, Review>();
  private readonly recommendations: readonly Document[];

  constructor(
    private readonly context: ServiceContext<CodeguruReviewerScenario>,
    private readonly associations: Associations,
  ) {
    this.recommendations = buildRecommendations(context.scenario.review.recommendations);
  }

  readonly handlers: OperationHandlers = {
    CreateCodeReview: async (call) => {
      const { input } = call;
      const name = String(input['Name']);
      const existing = [...this.all.values()].find((review) => review.name === name);
      if (existing !== undefined && existing.token === input['ClientRequestToken'])
        return this.describeReview(existing, call);
      if (existing !== undefined) throw serviceError('ConflictException', `A code review ${name} already exists.`, 409);
      await this.validate(call);
      return this.describeReview(this.startReview(call, name), call);
    },
    DescribeCodeReview: (call) => this.describeReview(this.getReview(call), call),
    ListRecommendations: (call) => {
      if (this.getReview(call).states.findLatest(call.at)?.value !== 'Completed')
        throw validationError('The code review is not completed.');
      return paginate(call, this.recommendations, PAGE);
    },
  };

  private getReview({ input }: ApiCall): Review {
    const review = this.all.get(String(input['CodeReviewArn']));
    if (review !== undefined) return review;
    throw serviceError('ResourceNotFoundException', 'The code review does not exist.', 404);
  }

  /** @throws ServiceError for an invalid review request: missing association or unreadable source code */
  private async validate({ input, region, at, principal }: ApiCall): Promise<void> {
    const association = this.associations.find(input['RepositoryAssociationArn'], region);
    if (association === undefined)
      throw serviceError('ResourceNotFoundException', 'The association does not exist.', 404);
    if (association.states.findLatest(at)?.value !== 'Associated')
      throw validationError('The repository is not associated.');
    if (!/^[\w-]{1,100}$/.test(String(input['Name']))) throw validationError('Name must match [a-zA-Z0-9-_]*');
    if (association.config.provider !== 'S3Bucket') return;
    const details = readPath(input['Type'], 'RepositoryAnalysis', 'SourceCodeType', 'S3BucketRepository', 'Details');
    const artifacts = readPath(details, 'CodeArtifacts');
    const source = readPath(artifacts, 'SourceCodeArtifactsObjectKey');
    for (const Key of [source, readPath(artifacts, 'BuildArtifactsObjectKey')].filter((key) => key !== undefined)) {
      const object = { Bucket: readPath(details, 'BucketName'), Key };
      const request = { service: 's3', operation: 'HeadObject', input: object, principal, region, at };
      const response = await this.context.invoke(request);
      if (response.kind !== 'output') throw validationError(`The object ${String(Key)} cannot be read.`);
    }
    if (source === undefined) throw validationError('SourceCodeArtifactsObjectKey is missing');
  }

  private startReview({ input, region, at }: ApiCall, name: string): Review {
    const { buildArn, random, scenario } = this.context;
    const { takes, outcome } = scenario.review;
    const review: Review = {
      arn: buildArn(region, `code-review:RepositoryAnalysis-${random.uuid()}`),
      name,
      token: input['ClientRequestToken'],
      states: new Timeline<string>().plan(at, 'Pending').plan(at + takes, outcome),
      association: String(input['RepositoryAssociationArn']),
      sourceCode: readPath(input['Type'], 'RepositoryAnalysis', 'SourceCodeType'),
      analysisTypes: readPath(input['Type'], 'AnalysisTypes'),
    };
    this.all.set(review.arn, review);
    return review;
  }

  private describeReview(
    { arn, name, states, association, sourceCode, analysisTypes }: Review,
    { at }: ApiCall,
  ): Document {
    const state = states.findLatest(at)?.value;
    const { reason, counted: findingsCount = this.recommendations.length } = this.context.scenario.review;
    return {
      CodeReview: {
        CodeReviewArn: arn,
        Name: name,
        State: state,
        StateReason: state === 'Failed' ? reason : undefined,
        Type: 'RepositoryAnalysis',
        AssociationArn: association,
        SourceCodeType: sourceCode,
        AnalysisTypes: analysisTypes,
        Metrics: state === 'Completed' ? { FindingsCount: findingsCount } : undefined,
      },
    };
  }
}
