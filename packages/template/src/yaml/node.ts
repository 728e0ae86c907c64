interface NodeBase {
  /** Offset of the content, behind anchor and tag. */
  readonly start: number;
  /** Offset behind the content. */
  readonly end: number;
  /** `!Ref`, `tag:yaml.org,2002:str`; undefined without a tag. */
  readonly tag: string | undefined;
  /** Offset of the tag; undefined without a tag. */
  readonly tagStart: number | undefined;
  /** Offsets of the anchor, `&` included. */
  readonly anchor: { readonly start: number; readonly end: number } | undefined;
}

export interface ScalarNode extends NodeBase {
  readonly kind: 'scalar';
  readonly value: string;
  readonly isPlain: boolean;
}

export interface SequenceNode extends NodeBase {
  readonly kind: 'sequence';
  readonly items: readonly YamlNode[];
}

export interface Entry {
  readonly key: YamlNode;
  readonly value: YamlNode;
}

export interface MappingNode extends NodeBase {
  readonly kind: 'mapping';
  /** In document order, duplicates included. */
  readonly entries: readonly Entry[];
}

export interface AliasNode extends NodeBase {
  readonly kind: 'alias';
  readonly target: YamlNode;
}

/** A node of a YAML document. */
export type YamlNode = ScalarNode | SequenceNode | MappingNode | AliasNode;

/** The node that an alias refers to; any other node itself. */
export const resolveAlias = (node: YamlNode): Exclude<YamlNode, AliasNode> => {
  let current = node;
  while (current.kind === 'alias') current = current.target;
  return current;
};
