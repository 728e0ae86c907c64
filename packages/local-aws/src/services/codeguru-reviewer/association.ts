import { apiError, type Call, type Document, output, type Reply } from '../../call.js';
import type { ServiceContext } from '../../service.js';
import { Timeline } from '../../timeline.js';
import { page } from './page.js';
import type { AssociationScenario, CodeguruReviewerScenario } from './scenario.js';

/** A repository that is associated, in every Region in which it is asked about. */
export interface Association {
  readonly id: string;
  readonly given: AssociationScenario;
  readonly states: Timeline<string>;
  readonly since: number;
}

const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

const passes = (value: unknown, found: string | undefined): boolean =>
  texts(value).length === 0 || texts(value).some((text) => text === found);

/** The associations of a scenario. There are never more: AWS takes no new ones since 7 November 2025. */
export class Associations {
  readonly #all: readonly Association[];
  readonly #context: ServiceContext<CodeguruReviewerScenario>;

  constructor(context: ServiceContext<CodeguruReviewerScenario>) {
    const start = context.clock.now();
    this.#context = context;
    this.#all = context.scenario.associations.map((given) => {
      const states = new Timeline<string>().plan(start, given.state);
      if (given.ready !== undefined) states.plan(start + given.ready, 'Associated');
      return { id: context.random.uuid(), given, states, since: start };
    });
  }

  arn({ id }: Association, region: string): string {
    const { partition, account } = this.#context;
    return `arn:${partition}:codeguru-reviewer:${region}:${account}:association:${id}`;
  }

  find(arn: unknown, region: string): Association | undefined {
    return this.#all.find((each) => this.arn(each, region) === arn);
  }

  list(call: Call): Reply {
    const { input, at } = call;
    if (texts(input['Names']).length > 3) return apiError('ValidationException', 'Names: at most 3 items');
    const found = this.#all.filter(
      ({ given, states }) =>
        passes(input['Names'], given.name) &&
        passes(input['Owners'], this.#owner(given)) &&
        passes(input['ProviderTypes'], given.provider) &&
        passes(input['States'], states.latest(at)?.fact),
    );
    return page(call, 'RepositoryAssociationSummaries', found, 100, (each) => this.#describe(each, call));
  }

  describe(call: Call): Reply {
    const found = this.find(call.input['AssociationArn'], call.region);
    if (found === undefined) return apiError('NotFoundException', 'The association does not exist.', 404);
    const { bucket, kmsKey, reason } = found.given;
    return output({
      RepositoryAssociation: {
        ...this.#describe(found, call),
        StateReason: reason,
        S3RepositoryDetails: bucket === undefined ? undefined : { BucketName: bucket },
        KMSKeyDetails:
          kmsKey === undefined
            ? { EncryptionOption: 'AWS_OWNED_CMK' }
            : { EncryptionOption: 'CUSTOMER_MANAGED_CMK', KMSKeyId: kmsKey },
      },
    });
  }

  #owner({ owner }: AssociationScenario): string {
    return owner ?? this.#context.account;
  }

  #describe(association: Association, { region, at }: Call): Document {
    const { id, given, states, since } = association;
    return {
      AssociationId: id,
      AssociationArn: this.arn(association, region),
      Name: given.name,
      Owner: this.#owner(given),
      ProviderType: given.provider,
      State: states.latest(at)?.fact,
      LastUpdatedTimeStamp: new Date(states.latest(at)?.at ?? since),
    };
  }
}
