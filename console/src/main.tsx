document.title = 'Webhooks';
