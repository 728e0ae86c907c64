import type { ProtocolName } from '../protocols/protocol.js';
import { readSchemas, type ServiceSchemas } from '../protocols/schema.js';
import { getOperationModel, type OperationModel, type ServiceModel } from './operation-model.js';

/** Everything known of AWS without a model: which services there are, how they are spoken to, what they demand. */
export class ApiModel {
  private readonly schemas = new Map<string, Promise<ServiceSchemas>>();

  constructor(private readonly serviceModels: readonly ServiceModel[]) {}

  findService(name: string): ServiceModel | undefined {
    return this.serviceModels.find((serviceModel) => serviceModel.name === name);
  }

  /** How a service words its errors; one that only an upstream knows as REST services do. */
  getProtocol(service: string): ProtocolName {
    return this.findService(service)?.protocol ?? 'rest-json';
  }

  /** What an operation needs; by the rule alone where nothing is known of its service. */
  getOperation(service: string, operation: string): Required<OperationModel> {
    return getOperationModel(this.findService(service) ?? { name: service }, operation);
  }

  /** Services that sign by this name; two where they share it (AppConfig and AppConfigData). */
  listBySigningName(name: string): readonly ServiceModel[] {
    return this.serviceModels.filter((serviceModel) => (serviceModel.signingName ?? serviceModel.name) === name);
  }

  /** The service of an `x-amz-target` prefix or of an awsQuery version. */
  findByTarget(target: string): ServiceModel | undefined {
    return this.serviceModels.find((serviceModel) => serviceModel.target === target);
  }

  /** A service's schemas, read when it is first called: loading an SDK client takes a tenth of a second. */
  loadSchemas(serviceModel: ServiceModel): Promise<ServiceSchemas> {
    const loaded = this.schemas.get(serviceModel.name) ?? serviceModel.loadClient().then(readSchemas);
    this.schemas.set(serviceModel.name, loaded);
    return loaded;
  }
}
