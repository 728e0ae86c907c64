import type { ApiCall, Document } from '../../api-call.js';
import { paginate } from '../../pagination.js';
import { readStrings } from '../../protocols/document.js';
import type { ServiceContext } from '../../service.js';
import { serviceError } from '../../service-error.js';
import { Timeline } from '../../time/timeline.js';
import type { AssociationScenario, CodeguruReviewerScenario } from './scenario.js';

/** An associated repository; it exists in every Region. */
export interface Association {
  readonly id: string;
  readonly config: AssociationScenario;
  readonly states: Timeline<string>;
  readonly since: number;
}

const matchesFilter = (value: unknown, found: string | undefined): boolean =>
  readStrings(value).length === 0 || readStrings(value).some((item) => item === found);

/** The associations of the scenario. New ones cannot be created: AWS ended this on 7 November 2025. */
export class Associations {
  private readonly all: readonly Association[];

  constructor(private readonly context: ServiceContext<CodeguruReviewerScenario>) {
    const start = context.clock.now();
    this.all = context.scenario.associations.map((config) => {
      const states = new Timeline<string>().plan(start, config.state);
      if (config.ready !== undefined) states.plan(start + config.ready, 'Associated');
      return { id: context.random.uuid(), config, states, since: start };
    });
  }

  buildArn({ id }: Association, region: string): string {
    return this.context.buildArn(region, `association:${id}`);
  }

  find(arn: unknown, region: string): Association | undefined {
    return this.all.find((each) => this.buildArn(each, region) === arn);
  }

  list(call: ApiCall): Document {
    const { input, at } = call;
    if (readStrings(input['Names']).length > 3)
      throw serviceError('ValidationException', 'Names must have at most 3 items');
    const found = this.all.filter(
      ({ config, states }) =>
        matchesFilter(input['Names'], config.name) &&
        matchesFilter(input['Owners'], this.getOwner(config)) &&
        matchesFilter(input['ProviderTypes'], config.provider) &&
        matchesFilter(input['States'], states.findLatest(at)?.value),
    );
    const page = { items: 'RepositoryAssociationSummaries', defaultSize: 100, range: [1, 100] } as const;
    return paginate(call, found, page, (each) => this.describeAssociation(each, call));
  }

  describe(call: ApiCall): Document {
    const found = this.find(call.input['AssociationArn'], call.region);
    if (found === undefined) throw serviceError('NotFoundException', 'The association does not exist.', 404);
    const { bucket, kmsKey, reason } = found.config;
    return {
      RepositoryAssociation: {
        ...this.describeAssociation(found, call),
        StateReason: reason,
        S3RepositoryDetails: bucket === undefined ? undefined : { BucketName: bucket },
        KMSKeyDetails:
          kmsKey === undefined
            ? { EncryptionOption: 'AWS_OWNED_CMK' }
            : { EncryptionOption: 'CUSTOMER_MANAGED_CMK', KMSKeyId: kmsKey },
      },
    };
  }

  private getOwner({ owner }: AssociationScenario): string {
    return owner ?? this.context.account;
  }

  private describeAssociation(association: Association, { region, at }: ApiCall): Document {
    const { id, config, states, since } = association;
    return {
      AssociationId: id,
      AssociationArn: this.buildArn(association, region),
      Name: config.name,
      Owner: this.getOwner(config),
      ProviderType: config.provider,
      State: states.findLatest(at)?.value,
      LastUpdatedTimeStamp: new Date(states.findLatest(at)?.at ?? since),
    };
  }
}
