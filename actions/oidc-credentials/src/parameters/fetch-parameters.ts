import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { ExportedVariable } from '../variables/exported-variable.js';
import { assertOneVariable, type Selector, type SelectorInput } from '../variables/selector.js';
import { type NameTransformation, toVariableName } from '../variables/variable-name.js';
import type { Parameter, ParameterStore } from './parameter-store.js';

/** The parameters to export. */
export interface ParametersRequest {
  readonly selectors: readonly Selector[];
  readonly transformation: NameTransformation;
}

/** The input `parameter-names`. Systems Manager lists parameters by path, not by prefix. */
export const PARAMETER_INPUT: SelectorInput = {
  name: 'parameter-names',
  item: 'parameter',
  checkPrefix: (prefix) =>
    /^\/.+\/$/u.test(prefix) ? undefined : 'is not a valid path: use a path followed by /*, for example /prod/flags/*',
};

export interface ParameterServices {
  readonly store: ParameterStore;
  readonly mask: (secret: string) => void;
}

/** `PROD_DB_HOST` for the parameter `/prod/db/host` and its ARN. */
const toParameterVariable = (name: string, transformation: NameTransformation): string =>
  toVariableName(name.replace(/^arn:.*?:parameter/u, '').replace(/^\//u, ''), transformation);

const fetchByName = async (
  selectors: readonly Selector[],
  store: ParameterStore,
): Promise<readonly (readonly [Selector, Parameter])[]> => {
  const parameters = await store.readParameters([...new Set(selectors.map(({ id }) => id))]);
  return selectors.map((selector) => {
    const { id } = selector;
    const parameter = parameters.get(id);
    if (parameter !== undefined) return [selector, parameter];
    throw new DeliveryError(
      'not-found',
      `parameter '${id}' not found in this account and Region: correct 'parameter-names'`,
    );
  });
};

const fetchByPath = async (
  selector: Selector,
  store: ParameterStore,
): Promise<readonly (readonly [Selector, Parameter])[]> => {
  const parameters = await store.listParameters(selector.id);
  if (parameters.length === 0) {
    throw new DeliveryError('not-found', `no parameter in path '${selector.id}': correct 'parameter-names'`);
  }
  assertOneVariable(PARAMETER_INPUT, selector, parameters.length);
  return parameters.map((parameter) => [selector, parameter]);
};

/**
 * Fetches the parameters and masks those of type SecureString.
 * @throws DeliveryError for a parameter that is missing or cannot be read
 */
export const fetchParameters = async (
  { selectors, transformation }: ParametersRequest,
  { store, mask }: ParameterServices,
): Promise<readonly ExportedVariable[]> => {
  const byName = await fetchByName(
    selectors.filter(({ kind }) => kind === 'single'),
    store,
  );
  const paths = selectors.filter(({ kind }) => kind === 'prefix');
  const byPath = (await Promise.all(paths.map((selector) => fetchByPath(selector, store)))).flat();
  const variables = [...byName, ...byPath].map(([selector, { name, value, isSecret }]): ExportedVariable => {
    if (isSecret) mask(value);
    const variable = selector.variable || toParameterVariable(name, transformation);
    return { name: variable, value, item: 'parameter', id: name };
  });
  // A parameter may be selected by its name and by a path.
  return [...new Map(variables.map((variable) => [`${variable.name},${variable.id}`, variable])).values()];
};
