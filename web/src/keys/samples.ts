// samples.ts - the first call with a key, in three languages. The key is read from the environment and stands in none of them.

export type Place = { header: string; probe: string };

/** For a shell that has the variables. */
export function curl({ header, probe }: Place): string {
  return `curl -i "$MONEI_BASE_URL${probe}" -H "${header}: $MONEI_API_KEY"`;
}

/** The key for an access token and a refresh token, at the address of the management API. */
export function exchange(origin: string): string {
  return `curl ${origin}/v1/tokens \\
  -H "x-api-key: $MONEI_API_KEY" \\
  -H "content-type: application/json" \\
  -d '{"permissions":["read_only"],"expiresIn":600}'`;
}

function node({ header, probe }: Place): string {
  return `// node --env-file=.env first.mjs
const { MONEI_API_KEY, MONEI_BASE_URL } = process.env;

const answer = await fetch(\`\${MONEI_BASE_URL}${probe}\`, {
  headers: { '${header}': MONEI_API_KEY },
});
console.log(answer.status, await answer.text());`;
}

function c({ header, probe }: Place): string {
  return `/* cc first.c -o first -lcurl */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>

int main(void)
{
    const char *key = getenv("MONEI_API_KEY"), *base = getenv("MONEI_BASE_URL");
    char header[256], url[2048];
    long status = 0;

    if (key == NULL || base == NULL)
        return EXIT_FAILURE;
    snprintf(header, sizeof header, "${header}: %s", key);
    snprintf(url, sizeof url, "%s${probe}", base);

    CURL *curl = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, header);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    CURLcode result = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);

    fprintf(stderr, "%ld %s\\n", status, curl_easy_strerror(result));
    return result == CURLE_OK && status == 200 ? EXIT_SUCCESS : EXIT_FAILURE;
}`;
}

export const samples: { name: string; text: (place: Place) => string }[] = [
  { name: 'curl', text: curl },
  { name: 'Node', text: node },
  { name: 'C', text: c },
];
