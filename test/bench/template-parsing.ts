import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseTemplate } from '@aws-delivery/template/template';
import type { Benchmark, Figure } from './benchmark.js';

/** Reading a template of the largest size that CloudFormation allows. */
const BUDGET = { kind: 'max', limit: 500 } as const;

const MAX_BYTES = 1_048_576;

const renderResource = (index: number): string => `  Queue${index}:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !Sub "\${AWS::StackName}-${index}"
      DelaySeconds: ${index % 900}
      Tags:
        - Key: team
          Value: 'shop ${index}'
        - { Key: index, Value: ${index} }
`;

/** The resources are metadata, since CloudFormation allows fewer resources than fill the size. */
const renderTemplate = (): string => {
  const end = 'Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n';
  let text = 'Metadata:\n';
  for (let index = 0; text.length + end.length < MAX_BYTES - 500; index += 1) text += renderResource(index);
  return text + end;
};

const measureParsing = (label: string, text: string): Figure => {
  const started = performance.now();
  parseTemplate(text);
  return { label, unit: 'ms', value: performance.now() - started, budget: BUDGET };
};

/** Time to read templates. The first one includes the compilation of the parser. */
export const templateParsing: Benchmark = {
  name: 'template-parsing',
  measure: ({ root }) => {
    const example = readFileSync(join(root, 'examples', 'delivery', 'template.yaml'), 'utf8');
    return Promise.resolve([
      measureParsing('a template of the example', example),
      measureParsing('a template of 1 MiB', renderTemplate()),
    ]);
  },
};
