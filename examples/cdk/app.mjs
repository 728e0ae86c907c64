// @ts-nocheck: aws-cdk-lib is a dependency of this example only.
import { App, CfnOutput, Stack, Stage, aws_s3_assets as s3Assets, aws_sns as sns, aws_sqs as sqs } from 'aws-cdk-lib';

/** The queue of orders, which the other stack refers to. */
class Queue extends Stack {
  constructor(scope, id, props) {
    super(scope, id, props);
    this.queue = new sqs.Queue(this, 'Orders');
    new CfnOutput(this, 'QueueUrl', { value: this.queue.queueUrl });
  }
}

/** Notices about orders, with a file that is published as an asset. */
class Notices extends Stack {
  constructor(scope, id, { queue, ...props }) {
    super(scope, id, props);
    const texts = new s3Assets.Asset(this, 'Texts', { path: 'texts.json' });
    new sns.Topic(this, 'Topic', { displayName: `Orders in ${queue.queueName}` });
    new CfnOutput(this, 'TextsUrl', { value: texts.s3ObjectUrl });
  }
}

const app = new App();
const production = new Stage(app, 'Production');
const { queue } = new Queue(production, 'queue');
new Notices(production, 'notices', { queue });
