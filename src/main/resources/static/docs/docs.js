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

// Swagger UI has colours for dark systems, and leaves them to a switch in a bar that is not shown here.
const dark = window.matchMedia('(prefers-color-scheme: dark)');

function followTheSystem() {
  document.documentElement.classList.toggle('dark-mode', dark.matches);
}

dark.addEventListener('change', followTheSystem);
followTheSystem();

// A file of its own, since the page's Content-Security-Policy allows no script within it.
SwaggerUIBundle({
  url: '/openapi.yaml',
  dom_id: '#docs',
  deepLinking: true,
  // Otherwise it asks a server elsewhere whether the description is valid.
  validatorUrl: null,
  // The numbers of the usual one are hard to read.
  syntaxHighlight: { theme: 'tomorrow-night' },
  plugins: [
    () => ({
      statePlugins: {
        spec: { wrapActions: { updateJsonSpec: (update) => (description) => update(withoutPrefilled(description)) } },
      },
    }),
  ],
});
