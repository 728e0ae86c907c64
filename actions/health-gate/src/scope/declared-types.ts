import type { Template } from '@aws-delivery/template/template';
import { isList, isMapping, toScalarString, type Value } from '@aws-delivery/template/value';

const LOOP_PREFIX = 'Fn::ForEach::';
const MACRO_KEY = 'Fn::Transform';

/** `Fn::ForEach::Queues: [Name, [a, b], { "Queue${Name}": { Type: … } }]` */
const getLoopBody = (loop: Value | undefined): Value | undefined => (isList(loop) ? loop.at(-1) : undefined);

/** The resource types under a declaration, those of loops within loops too; what is no type is named as it stands. */
const listTypesUnder = (name: string, declaration: Value | undefined): readonly string[] => {
  if (name === MACRO_KEY) return [`what ${MACRO_KEY} adds`];
  const body = name.startsWith(LOOP_PREFIX) ? getLoopBody(declaration) : undefined;
  if (isMapping(body)) return Object.entries(body).flatMap(([innerName, value]) => listTypesUnder(innerName, value));
  const type = isMapping(declaration) ? toScalarString(declaration['Type']) : undefined;
  return [type ?? `what ${name} makes`];
};

/** AWS's own leave types as they are declared, or have types of their own, which the map knows. */
const isForeignMacro = (transform: string): boolean => !transform.startsWith('AWS::') || transform === 'AWS::Include';

/** The resource types that a template declares, and in words what may be added to them and cannot be seen from here. */
export const listDeclaredTypes = ({ document, transforms }: Template): readonly string[] => {
  const resources = isMapping(document['Resources']) ? document['Resources'] : {};
  return [
    ...Object.entries(resources).flatMap(([name, declaration]) => listTypesUnder(name, declaration)),
    ...transforms.filter(isForeignMacro).map((transform) => `what the macro ${transform} adds`),
  ];
};
