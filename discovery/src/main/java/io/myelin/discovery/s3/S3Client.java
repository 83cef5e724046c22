package io.myelin.discovery.s3;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.regions.providers.AwsRegionProvider;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;

/**
 * Gets objects by requests with a signature of version 4. Credentials and region are found where Amazon's tools find
 * them: environment, system properties, profile, container, instance. {@code AWS_ENDPOINT_URL_S3} or
 * {@code AWS_ENDPOINT_URL} lead to another server.
 */
final class S3Client {
    private static final int MOST_BYTES = 1024 * 1024;
    private static final String FALLBACK_REGION = "us-east-1";

    /** What the JDK's client writes by itself. */
    private static final Set<String> OWN_FIELDS = Set.of("host", "content-length");

    private static final Pattern ERROR_CODE = Pattern.compile("<Code>([A-Za-z]{1,64})</Code>");

    private final S3Endpoint endpoint;
    private final AwsCredentialsProvider credentials;
    private final AwsRegionProvider regions;
    private final Duration limit;
    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
    private final HttpClient http;

    /** @param limit how long connecting may take, and the answer */
    S3Client(S3Endpoint endpoint, AwsCredentialsProvider credentials, AwsRegionProvider regions, Duration limit) {
        this.endpoint = endpoint;
        this.credentials = credentials;
        this.regions = regions;
        this.limit = limit;
        this.http = HttpClient.newBuilder()
                .version(Version.HTTP_1_1)
                .connectTimeout(limit)
                .build();
    }

    /** Returns a client that goes by the environment of the process. */
    static S3Client ofProcess() {
        return new S3Client(
                S3Endpoint.of(System.getenv()),
                DefaultCredentialsProvider.builder().build(),
                DefaultAwsRegionProviderChain.builder().build(),
                Duration.ofSeconds(10));
    }

    /**
     * Returns the content of an object; blocks.
     *
     * @throws IOException if it cannot be had, with a message for people
     * @throws SdkClientException if there are no credentials
     */
    byte[] get(String bucket, String key) throws IOException, InterruptedException {
        String region = region();
        HttpResponse<InputStream> response = send(bucket, key, region);
        String elsewhere = response.headers().firstValue("x-amz-bucket-region").orElse(region);
        if (response.statusCode() != 200 && !elsewhere.equals(region)) {
            response.body().close();
            response = send(bucket, key, elsewhere);
        }
        try (InputStream body = response.body()) {
            byte[] content = body.readNBytes(MOST_BYTES + 1);
            if (response.statusCode() != 200) {
                throw new IOException("HTTP " + response.statusCode() + codeIn(content) + " (expected: 200)");
            }
            if (content.length > MOST_BYTES) {
                throw new IOException("longer than " + MOST_BYTES + " bytes (expected: a map of weights)");
            }
            return content;
        }
    }

    private HttpResponse<InputStream> send(String bucket, String key, String region)
            throws IOException, InterruptedException {
        URI address = endpoint.addressOf(bucket, key, region);
        SdkHttpRequest plain =
                SdkHttpRequest.builder().method(SdkHttpMethod.GET).uri(address).build();
        SdkHttpRequest signed = signer.sign(request -> request.identity(credentials.resolveCredentials())
                        .request(plain)
                        .putProperty(AwsV4FamilyHttpSigner.SERVICE_SIGNING_NAME, "s3")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                        .putProperty(AwsV4FamilyHttpSigner.DOUBLE_URL_ENCODE, false)
                        .putProperty(AwsV4FamilyHttpSigner.NORMALIZE_PATH, false))
                .request();
        HttpRequest.Builder builder = HttpRequest.newBuilder(address).timeout(limit);
        signed.headers().forEach((name, values) -> {
            if (!OWN_FIELDS.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> builder.header(name, value));
            }
        });
        try {
            return http.send(builder.build(), BodyHandlers.ofInputStream());
        } catch (HttpTimeoutException e) {
            throw new IOException("no answer within " + limit.toMillis() + " ms from " + address.getAuthority(), e);
        } catch (IOException e) {
            throw new IOException(address.getAuthority() + " cannot be reached: " + e, e);
        }
    }

    private String region() {
        try {
            return String.valueOf(regions.getRegion());
        } catch (SdkClientException e) {
            if (endpoint.override() != null) {
                return FALLBACK_REGION;
            }
            throw e;
        }
    }

    private static String codeIn(byte[] content) {
        Matcher matcher = ERROR_CODE.matcher(new String(content, StandardCharsets.UTF_8));
        return matcher.find() ? " " + matcher.group(1) : "";
    }
}
