import { type ApiCall, createErrorResponse, type Document, output, type ServiceResponse } from '../../api-call.js';
import { isDocument } from '../../protocols/document.js';
import type { ServiceContext } from '../../service.js';
import { Timeline } from '../../time/timeline.js';
import type { Associations } from './association.js';
import { paginate } from './pagination.js';
import type { CodeguruReviewerScenario, RecommendationScenario } from './scenario.js';

interface Review {
  readonly arn: string;
  readonly name: string;
  readonly token: unknown;
  readonly states: Timeline<string>;
  readonly association: string;
  readonly sourceCode: unknown;
  readonly analysisTypes: unknown;
}

const validationError = (message: string): ServiceResponse => createErrorResponse('ValidationException', message);

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

  async create(call: ApiCall): Promise<ServiceResponse> {
    const { input } = call;
    const name = String(input['Name']);
    const token = input['ClientRequestToken'];
    const existing = [...this.all.values()].find((review) => review.name === name);
    if (existing !== undefined && existing.token === token) return this.describeReview(existing, call);
    if (existing !== undefined)
      return createErrorResponse('ConflictException', `A code review ${name} already exists.`, 409);
    const error = await this.validate(call);
    return error ?? this.describeReview(this.startReview(call, name), call);
  }

  describe(call: ApiCall): ServiceResponse {
    const review = this.all.get(String(call.input['CodeReviewArn']));
    return review === undefined ? this.createNotFoundResponse() : this.describeReview(review, call);
  }

  listRecommendations(call: ApiCall): ServiceResponse {
    const review = this.all.get(String(call.input['CodeReviewArn']));
    if (review === undefined) return this.createNotFoundResponse();
    if (review.states.findLatest(call.at)?.value !== 'Completed')
      return validationError('The code review is not completed.');
    return paginate(call, 'RecommendationSummaries', this.recommendations, 300, (each) => each);
  }

  private createNotFoundResponse(): ServiceResponse {
    return createErrorResponse('ResourceNotFoundException', 'The code review does not exist.', 404);
  }

  /** The error for an invalid review request: missing association or unreadable source code. */
  private async validate(call: ApiCall): Promise<ServiceResponse | undefined> {
    const { input, region, at, principal } = call;
    const association = this.associations.find(input['RepositoryAssociationArn'], region);
    if (association === undefined)
      return createErrorResponse('ResourceNotFoundException', 'The association does not exist.', 404);
    if (association.states.findLatest(at)?.value !== 'Associated')
      return validationError('The repository is not associated.');
    if (!/^[\w-]{1,100}$/.test(String(input['Name']))) return validationError('Name must match [a-zA-Z0-9-_]*');
    if (association.config.provider !== 'S3Bucket') return undefined;
    const details = readPath(input['Type'], 'RepositoryAnalysis', 'SourceCodeType', 'S3BucketRepository', 'Details');
    const artifacts = readPath(details, 'CodeArtifacts');
    const keys = [readPath(artifacts, 'SourceCodeArtifactsObjectKey'), readPath(artifacts, 'BuildArtifactsObjectKey')];
    for (const Key of keys.filter((key) => key !== undefined)) {
      const object = { Bucket: readPath(details, 'BucketName'), Key };
      const response = await this.context.invoke({
        service: 's3',
        operation: 'HeadObject',
        input: object,
        principal,
        region,
        at,
      });
      if (response.kind !== 'output') return validationError(`The object ${String(Key)} cannot be read.`);
    }
    return keys[0] === undefined ? validationError('SourceCodeArtifactsObjectKey is missing') : undefined;
  }

  private startReview({ input, region, at }: ApiCall, name: string): Review {
    const { partition, account, random, scenario } = this.context;
    const { takes, outcome } = scenario.review;
    const id = random.uuid();
    const review: Review = {
      arn: `arn:${partition}:codeguru-reviewer:${region}:${account}:code-review:RepositoryAnalysis-${id}`,
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
  ): ServiceResponse {
    const state = states.findLatest(at)?.value;
    const { reason, counted: findingsCount = this.recommendations.length } = this.context.scenario.review;
    return output({
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
    });
  }
}
