import '@holdfast/example-tanstack/page';
