import '@holdfast/example-chat/page';
