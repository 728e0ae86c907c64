import type { Template } from '@aws-delivery/template/template';
import { isList, isMapping, textOfScalar, type Value } from '@aws-delivery/template/value';

const LOOP = 'Fn::ForEach::';
const MACRO = 'Fn::Transform';

/** `Fn::ForEach::Queues: [Name, [a, b], { "Queue${Name}": { Type: … } }]` */
const bodyOf = (loop: Value | undefined): Value | undefined => (isList(loop) ? loop.at(-1) : undefined);

/** The resource types under a declaration, those of loops within loops too; what is no type is named as it stands. */
const typesUnder = (name: string, declaration: Value | undefined): readonly string[] => {
  if (name === MACRO) return [`what ${MACRO} adds`];
  const body = name.startsWith(LOOP) ? bodyOf(declaration) : undefined;
  if (isMapping(body)) return Object.entries(body).flatMap(([inner, value]) => typesUnder(inner, value));
  const type = isMapping(declaration) ? textOfScalar(declaration['Type']) : undefined;
  return [type ?? `what ${name} makes`];
};

/** AWS's own leave types as they are declared, or have types of their own, which the map knows. */
const isForeign = (transform: string): boolean => !transform.startsWith('AWS::') || transform === 'AWS::Include';

/** The resource types that a template declares, and in words what may be added to them and cannot be seen from here. */
export const declaredTypes = ({ document, transforms }: Template): readonly string[] => {
  const resources = isMapping(document['Resources']) ? document['Resources'] : {};
  return [
    ...Object.entries(resources).flatMap(([name, declaration]) => typesUnder(name, declaration)),
    ...transforms.filter(isForeign).map((transform) => `what the macro ${transform} adds`),
  ];
};
