import type { ProtocolName } from '../protocols/protocol.js';
import { readSchemas, type ServiceSchemas } from '../protocols/schema.js';
import { getOperationModel, type OperationModel, type ServiceModel } from './operation-model.js';
import { SERVICE_MODELS } from './service-models.js';

/**
 * The API models of all services: protocols, schemas and required permissions. Also covers services without a
 * simulator.
 */
export class ApiModel {
  private readonly schemas = new Map<string, Promise<ServiceSchemas>>();

  constructor(private readonly serviceModels = SERVICE_MODELS) {}

  findService(name: string): ServiceModel | undefined {
    return this.serviceModels.find((serviceModel) => serviceModel.name === name);
  }

  /** The protocol of a service; `rest-json` for a service that only an upstream knows. */
  getProtocol(service: string): ProtocolName {
    return this.findService(service)?.protocol ?? 'rest-json';
  }

  /** The model of an operation; derived from the operation's name when the service is unknown. */
  getOperation(service: string, operation: string): Required<OperationModel> {
    return getOperationModel(this.findService(service) ?? { name: service }, operation);
  }

  /** The services with this signing name: two for AppConfig and AppConfigData, which share one. */
  listBySigningName(name: string): readonly ServiceModel[] {
    return this.serviceModels.filter((serviceModel) => (serviceModel.signingName ?? serviceModel.name) === name);
  }

  /** The service with this `x-amz-target` prefix (awsJson) or API version (awsQuery). */
  findByTarget(target: string): ServiceModel | undefined {
    return this.serviceModels.find((serviceModel) => serviceModel.target === target);
  }

  /** The schemas of a service, loaded on its first call: loading an SDK client takes about 100 ms. */
  loadSchemas(serviceModel: ServiceModel): Promise<ServiceSchemas> {
    const loaded = this.schemas.get(serviceModel.name) ?? serviceModel.loadClient().then(readSchemas);
    this.schemas.set(serviceModel.name, loaded);
    return loaded;
  }
}
