'use strict';

// "Try it out" fills in every example: a list with all conditions at once and a cursor of another one, a read with the tag
// of another row. What need not be given is told as text instead.
function withoutPrefilled(description) {
  for (const parameter of Object.values(description?.components?.parameters ?? {})) {
    if (!parameter.required && 'example' in parameter) {
      parameter.description += `\n\nExample: \`${[parameter.example].flat().join(', ')}\``;
      delete parameter.example;
    }
  }
  return description;
}

// A file of its own, since the page's Content-Security-Policy allows no script within it.
SwaggerUIBundle({
  url: '/openapi.yaml',
  dom_id: '#docs',
  deepLinking: true,
  // Otherwise it asks a server elsewhere whether the description is valid.
  validatorUrl: null,
  plugins: [
    () => ({
      statePlugins: {
        spec: { wrapActions: { updateJsonSpec: (update) => (description) => update(withoutPrefilled(description)) } },
      },
    }),
  ],
});
