import type { ProtocolName } from '../wire/protocol.js';
import { readSchemas, type ServiceSchemas } from '../wire/schema.js';
import { entryOf, type OperationEntry, type ServiceEntry } from './entry.js';

/** Everything known of AWS without a model: which services there are, how they are spoken to, what they demand. */
export class Catalogue {
  readonly #entries: readonly ServiceEntry[];
  readonly #schemas = new Map<string, Promise<ServiceSchemas>>();

  constructor(entries: readonly ServiceEntry[]) {
    this.#entries = entries;
  }

  named(name: string): ServiceEntry | undefined {
    return this.#entries.find((entry) => entry.name === name);
  }

  /** How a service words its errors; one that only an upstream knows as REST services do. */
  protocol(service: string): ProtocolName {
    return this.named(service)?.protocol ?? 'rest-json';
  }

  /** What an operation needs; by the rule alone where nothing is known of its service. */
  operation(service: string, operation: string): Required<OperationEntry> {
    return entryOf(this.named(service) ?? { name: service }, operation);
  }

  /** Services that sign by this name; two where they share it (AppConfig and AppConfigData). */
  signedAs(name: string): readonly ServiceEntry[] {
    return this.#entries.filter((entry) => (entry.signingName ?? entry.name) === name);
  }

  /** The service of an `x-amz-target` prefix or of an awsQuery version. */
  targeted(target: string): ServiceEntry | undefined {
    return this.#entries.find((entry) => entry.target === target);
  }

  /** A service's schemas, read when it is first called: loading an SDK client takes a tenth of a second. */
  schemas(entry: ServiceEntry): Promise<ServiceSchemas> {
    const known = this.#schemas.get(entry.name) ?? entry.load().then(readSchemas);
    this.#schemas.set(entry.name, known);
    return known;
  }
}
