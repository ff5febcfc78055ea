'use strict';

// A file of its own, since the page's Content-Security-Policy allows no script within it.
SwaggerUIBundle({
  url: '/openapi.yaml',
  dom_id: '#docs',
  deepLinking: true,
  // Otherwise it asks a server elsewhere whether the description is valid.
  validatorUrl: null,
});
