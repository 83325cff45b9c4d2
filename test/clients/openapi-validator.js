// Validates an OpenAPI document with the npm package "@apidevtools/swagger-parser" and prints "valid", or the faults.
// Usage: node openapi-validator.js URL
'use strict';

async function main(url) {
  const { default: SwaggerParser } = await import('@apidevtools/swagger-parser');
  const document = await (await fetch(url)).json();
  await SwaggerParser.validate(document);
  console.log('valid');
}

main(process.argv[2]).catch(error => console.log(error.message.replaceAll('\n', ' ')));
