import { apiError, type Call, type Document, output, type Reply } from '../../call.js';
import type { ServiceContext } from '../../service.js';
import { Timeline } from '../../timeline.js';
import { isDocument } from '../../wire/json.js';
import type { Associations } from './association.js';
import { page } from './page.js';
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

const invalid = (message: string): Reply => apiError('ValidationException', message);

const inside = (value: unknown, ...names: readonly string[]): unknown =>
  names.reduce((at, name) => (isDocument(at) ? at[name] : undefined), value);

/** A recommendation of the scenario as often as it says, each with an id of its own. */
const recommendationsOf = (given: readonly RecommendationScenario[]): readonly Document[] =>
  given.flatMap(({ file, line, endLine = line, severity, category, description, rule, tags, times }, index) =>
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

/** Reviews, each of which comes to what the scenario says. */
export class Reviews {
  readonly #all = new Map<string, Review>();
  readonly #recommendations: readonly Document[];

  constructor(
    private readonly context: ServiceContext<CodeguruReviewerScenario>,
    private readonly associations: Associations,
  ) {
    this.#recommendations = recommendationsOf(context.scenario.review.recommendations);
  }

  async create(call: Call): Promise<Reply> {
    const { input } = call;
    const name = String(input['Name']);
    const token = input['ClientRequestToken'];
    const same = [...this.#all.values()].find((review) => review.name === name);
    if (same !== undefined && same.token === token) return this.#answer(same, call);
    if (same !== undefined) return apiError('ConflictException', `A code review ${name} exists already.`, 409);
    const refusal = await this.#refusal(call);
    return refusal ?? this.#answer(this.#start(call, name), call);
  }

  describe(call: Call): Reply {
    const review = this.#all.get(String(call.input['CodeReviewArn']));
    return review === undefined ? this.#unknown() : this.#answer(review, call);
  }

  recommendations(call: Call): Reply {
    const review = this.#all.get(String(call.input['CodeReviewArn']));
    if (review === undefined) return this.#unknown();
    if (review.states.latest(call.at)?.fact !== 'Completed') return invalid('The code review is not completed.');
    return page(call, 'RecommendationSummaries', this.#recommendations, 300, (each) => each);
  }

  #unknown(): Reply {
    return apiError('ResourceNotFoundException', 'The code review does not exist.', 404);
  }

  /** What speaks against a review: no association, or code that is not where it is said to be. */
  async #refusal(call: Call): Promise<Reply | undefined> {
    const { input, region, at, principal } = call;
    const association = this.associations.find(input['RepositoryAssociationArn'], region);
    if (association === undefined) return apiError('ResourceNotFoundException', 'The association does not exist.', 404);
    if (association.states.latest(at)?.fact !== 'Associated') return invalid('The repository is not associated.');
    if (!/^[\w-]{1,100}$/.test(String(input['Name']))) return invalid('Name must match [a-zA-Z0-9-_]*');
    if (association.given.provider !== 'S3Bucket') return undefined;
    const details = inside(input['Type'], 'RepositoryAnalysis', 'SourceCodeType', 'S3BucketRepository', 'Details');
    const artifacts = inside(details, 'CodeArtifacts');
    const keys = [inside(artifacts, 'SourceCodeArtifactsObjectKey'), inside(artifacts, 'BuildArtifactsObjectKey')];
    for (const Key of keys.filter((key) => key !== undefined)) {
      const at3 = { Bucket: inside(details, 'BucketName'), Key };
      const reply = await this.context.invoke({
        service: 's3',
        operation: 'HeadObject',
        input: at3,
        principal,
        region,
        at,
      });
      if (reply.kind !== 'output') return invalid(`The object ${String(Key)} cannot be read.`);
    }
    return keys[0] === undefined ? invalid('SourceCodeArtifactsObjectKey is missing') : undefined;
  }

  #start({ input, region, at }: Call, name: string): Review {
    const { partition, account, random, scenario } = this.context;
    const { takes, outcome } = scenario.review;
    const id = random.uuid();
    const review: Review = {
      arn: `arn:${partition}:codeguru-reviewer:${region}:${account}:code-review:RepositoryAnalysis-${id}`,
      name,
      token: input['ClientRequestToken'],
      states: new Timeline<string>().plan(at, 'Pending').plan(at + takes, outcome),
      association: String(input['RepositoryAssociationArn']),
      sourceCode: inside(input['Type'], 'RepositoryAnalysis', 'SourceCodeType'),
      analysisTypes: inside(input['Type'], 'AnalysisTypes'),
    };
    this.#all.set(review.arn, review);
    return review;
  }

  #answer({ arn, name, states, association, sourceCode, analysisTypes }: Review, { at }: Call): Reply {
    const state = states.latest(at)?.fact;
    const { reason, counted = this.#recommendations.length } = this.context.scenario.review;
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
        Metrics: state === 'Completed' ? { FindingsCount: counted } : undefined,
      },
    });
  }
}
