// @ts-nocheck: aws-cdk-lib is installed only while synthesize.mjs runs.
// The application of the fixture application.tgz, which synthesize.mjs makes.
import {
  App,
  CfnOutput,
  CfnParameter,
  CliCredentialsStackSynthesizer,
  DefaultStackSynthesizer,
  aws_ecr_assets as ecrAssets,
  LegacyStackSynthesizer,
  NestedStack,
  Stack,
  Stage,
  aws_s3_assets as s3Assets,
  aws_sns as sns,
  aws_sqs as sqs,
} from 'aws-cdk-lib';

const environment = { account: '123456789012', region: 'eu-central-1' };

/** With BOOTSTRAP_RULE=true, templates have the rule that checks the version of the bootstrap stack, as by default. */
const createSynthesizer = () =>
  new DefaultStackSynthesizer({ generateBootstrapVersionRule: process.env['BOOTSTRAP_RULE'] === 'true' });

/** A queue that other stacks refer to. */
class Network extends Stack {
  constructor(scope, id, props) {
    super(scope, id, { synthesizer: createSynthesizer(), ...props });
    this.queue = new sqs.CfnQueue(this, 'Queue');
    new CfnOutput(this, 'QueueUrl', { value: this.queue.ref });
  }
}

/** A reference to another stack, a directory, a file, a parameter and a nested stack. */
class Site extends Stack {
  constructor(scope, id, { queue, ...props }) {
    super(scope, id, { synthesizer: createSynthesizer(), ...props });
    const size = new CfnParameter(this, 'Size', { default: 'small' });
    const code = new s3Assets.Asset(this, 'Code', { path: 'code' });
    const data = new s3Assets.Asset(this, 'Data', { path: 'data.json' });
    new CfnOutput(this, 'CodeUrl', { value: code.s3ObjectUrl });
    new CfnOutput(this, 'DataUrl', { value: data.s3ObjectUrl });
    new sns.CfnTopic(this, 'Topic', {
      displayName: queue.attrQueueName,
      tags: [{ key: 'size', value: size.valueAsString }],
    });
    new sqs.CfnQueue(new NestedStack(this, 'Nested'), 'Inner');
  }
}

/** The same stacks in an environment of their own. */
class Production extends Stage {
  constructor(scope, id, props) {
    super(scope, id, props);
    const { queue } = new Network(this, 'network');
    new Site(this, 'site', { queue });
  }
}

const app = new App({ analyticsReporting: false, treeMetadata: false });
const { queue } = new Network(app, 'network', { terminationProtection: true, tags: { team: 'network' } });
new Site(app, 'site', { queue });
new Production(app, 'Prod', { env: environment });
const images = new Stack(app, 'images', { env: environment, synthesizer: createSynthesizer() });
const image = new ecrAssets.DockerImageAsset(images, 'Image', { directory: 'image', buildArgs: { LEVEL: 'info' } });
new CfnOutput(images, 'ImageUri', { value: image.imageUri });
new sqs.CfnQueue(images, 'Queue');
if (process.env['OTHER_SYNTHESIZERS'] === 'true') {
  for (const synthesizer of [new LegacyStackSynthesizer(), new CliCredentialsStackSynthesizer()]) {
    const stack = new Stack(app, synthesizer.constructor.name, { synthesizer });
    const code = new s3Assets.Asset(stack, 'Code', { path: 'code' });
    const data = new s3Assets.Asset(stack, 'Data', { path: 'data.json' });
    new sns.CfnTopic(stack, 'Topic', { displayName: code.s3ObjectKey });
    new CfnOutput(stack, 'Address', { value: data.s3ObjectUrl });
  }
}
app.synth();
