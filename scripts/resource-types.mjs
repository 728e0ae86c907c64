import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { mustRun, root } from './command.mjs';
import { findProgram } from './install/tool.mjs';
import { RESOURCE_PERMISSIONS } from './resource-permissions.mjs';

/**
 * `node scripts/resource-types.mjs` writes what Local AWS knows of resource types, from the resource schemas in the
 * cfn-lint package: the names of all types, and the permissions of the types that the examples use. `--check` compares
 * the file instead, and fails if it differs.
 */
const TARGET = join(root, 'packages/local-aws/src/services/cloudformation/resource/resource-types.json');

/** @returns {Promise<string>} the directory of cfn-lint's resource schemas */
const findSchemas = async () => {
  const python = findProgram('python');
  if (python === undefined) throw new Error('cfn-lint is not installed: run npm run setup');
  const program = join(dirname(python), process.platform === 'win32' ? 'python.exe' : 'python');
  const directory = (await mustRun(program, ['-c', 'import cfnlint; print(cfnlint.__path__[0])'])).trim();
  return join(directory, 'data', 'schemas', 'resources');
};

/** @typedef {{ typeName: string, handlers?: Record<string, { permissions?: string[] }> }} Schema */

/** @param {string} directory @returns {Map<string, Schema>} */
const readSchemas = (directory) => {
  const files = readdirSync(directory).filter((name) => name.endsWith('.json'));
  const schemas = files.map((name) => /** @type {Schema} */ (JSON.parse(readFileSync(join(directory, name), 'utf8'))));
  return new Map(schemas.map((schema) => [schema.typeName, schema]));
};

/**
 * The permissions of a handler: each is a list of the action and, if there is one, the property that makes it necessary.
 * @param {Schema | undefined} schema
 * @param {string} handler
 * @param {string} text
 */
const parsePermissions = (schema, handler, text) =>
  text.split(/\s+/).map((token) => {
    const [action = '', property] = token.split('@');
    if (!schema?.handlers?.[handler]?.permissions?.includes(action))
      throw new Error(`${schema?.typeName}: the handler ${handler} has no permission ${action}`);
    return property === undefined ? [action] : [action, property];
  });

/** @param {Map<string, Schema>} schemas */
const buildPermissions = (schemas) =>
  Object.entries(RESOURCE_PERMISSIONS).map(([type, { arn, ...handlers }]) => [
    type,
    {
      arn,
      ...Object.fromEntries(
        Object.entries(handlers).map(([name, text]) => [name, parsePermissions(schemas.get(type), name, text)]),
      ),
    },
  ]);

/** @param {Iterable<string>} types */
const groupByService = (types) => {
  /** @type {Record<string, string[]>} */
  const services = {};
  for (const type of [...types].sort()) {
    const service = type.slice(0, type.lastIndexOf('::'));
    services[service] = [...(services[service] ?? []), type.slice(service.length + 2)];
  }
  return services;
};

const { values } = parseArgs({ options: { check: { type: 'boolean' } } });
const schemas = readSchemas(await findSchemas());
const lines = Object.entries({
  names: Object.entries(groupByService(schemas.keys())),
  permissions: buildPermissions(schemas),
}).map(([section, entries]) => {
  const rows = entries.map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  return `  ${JSON.stringify(section)}: {\n${rows.join(',\n')}\n  }`;
});
const text = `{\n${lines.join(',\n')}\n}\n`;
if (values.check !== true) writeFileSync(TARGET, text);
else if (!existsSync(TARGET) || readFileSync(TARGET, 'utf8') !== text) {
  console.error('resource-types.json is not up to date: run node scripts/resource-types.mjs');
  process.exitCode = 1;
}
