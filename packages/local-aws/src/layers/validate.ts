import { apiError, type Layer } from '../call.js';
import type { Catalogue } from '../catalogue/catalogue.js';

const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

/** Refuses an input without its required members, as AWS words it; other constraints are the models' own. */
export const validate =
  (catalogue: Catalogue): Layer =>
  (next) =>
  async (call) => {
    const entry = catalogue.named(call.service);
    const operation = entry && (await catalogue.schemas(entry)).operations.get(call.operation);
    const required = (operation?.input.required ?? []).map(({ memberName }) => memberName);
    const missing = required.filter((name) => call.input[name] === undefined);
    if (missing.length === 0) return next(call);
    const texts = missing.map(
      (name) => `Value null at '${lowerFirst(name)}' failed to satisfy constraint: Member must not be null`,
    );
    const count = `${missing.length} validation error${missing.length === 1 ? '' : 's'} detected`;
    const code = entry?.protocol === 'aws-query' ? 'ValidationError' : 'ValidationException';
    return apiError(code, `${count}: ${texts.join('; ')}`);
  };
