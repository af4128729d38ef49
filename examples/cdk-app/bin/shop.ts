import { App } from 'aws-cdk-lib/core';
import { ShopStack } from '../lib/shop-stack.ts';
import { WebhooksStack } from '../lib/webhooks-stack.ts';

const app = new App();
const { webhooks } = new WebhooksStack(app, 'Webhooks');
new ShopStack(app, 'Shop', { webhooks });
