package io.myelin.discovery.ec2tag;

import io.myelin.discovery.fetch.HttpCall;
import io.myelin.discovery.fetch.HttpOrigin;
import io.myelin.discovery.polling.PollException;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;

/**
 * What the AWS SDK is used for: to find credentials and the region, and to sign a request with them.
 *
 * <p>{@link #resolve} may block, for it may ask the instance's metadata service; it runs on one thread of its own.
 */
@OwnedBy(Owner.REGISTRY)
final class Aws {
    private static final String SERVICE = "ec2";
    private static final int LONGEST_REASON = 300;

    private final Environment environment;
    private @Nullable DefaultCredentialsProvider chain;
    /** That of the environment or the instance, which does not change; there once it was found. */
    private @Nullable String region;

    /** Returns the value of an environment variable, {@code null} if it is not set. */
    @FunctionalInterface
    interface Environment {
        @Nullable
        String get(String name);
    }

    Aws(Environment environment) {
        this.environment = environment;
    }

    /**
     * Who asks, and whom.
     *
     * @param path where the API is, mostly {@code /}
     */
    record Access(AwsCredentials credentials, String region, HttpOrigin origin, String path) {}

    /** Finds out who asks and whom; blocks. */
    Access resolve(@Nullable String configuredRegion, Ec2TagConfig.@Nullable Keys keys) throws PollException {
        try {
            AwsCredentials credentials = keys == null
                    ? chain().resolveCredentials()
                    : AwsBasicCredentials.create(keys.accessKeyId(), keys.secretAccessKey());
            String region = configuredRegion == null ? region() : configuredRegion;
            String stated = firstSet("AWS_ENDPOINT_URL_EC2", "AWS_ENDPOINT_URL");
            String url = stated == null
                    ? "https://" + SERVICE + "." + region + "."
                            + PartitionMetadata.of(Region.of(region)).dnsSuffix()
                    : stated;
            HttpOrigin origin = HttpOrigin.parse(url, 1);
            if (origin == null) {
                throw new PollException("AWS_ENDPOINT_URL: not a URL (expected: such as http://127.0.0.1:4566)");
            }
            String path = URI.create(url.strip()).getRawPath();
            return new Access(credentials, region, origin, path == null || path.isEmpty() ? "/" : path);
        } catch (SdkException e) {
            throw new PollException("AWS: " + shortened(String.valueOf(e.getMessage())), e);
        }
    }

    /** Returns a signed request that posts {@code form}. */
    static HttpCall signedPost(Access access, String form) {
        HttpOrigin origin = access.origin();
        String type = "application/x-www-form-urlencoded; charset=utf-8";
        SdkHttpRequest plain = SdkHttpRequest.builder()
                .method(SdkHttpMethod.POST)
                .protocol(origin.tls() ? "https" : "http")
                .host(origin.host())
                .port(origin.port())
                .encodedPath(access.path())
                .putHeader("Host", origin.authority())
                .putHeader("Content-Type", type)
                .build();
        SdkHttpRequest signed = AwsV4HttpSigner.create()
                .sign(request -> request.identity(access.credentials())
                        .request(plain)
                        .payload(ContentStreamProvider.fromUtf8String(form))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, SERVICE)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, access.region()))
                .request();
        Map<String, String> headers = new HashMap<>();
        signed.headers().forEach((name, values) -> headers.put(name, String.join(",", values)));
        headers.keySet().removeIf(name -> List.of("host", "content-length").contains(name.toLowerCase(Locale.ROOT)));
        return new HttpCall("POST", access.path(), headers, form);
    }

    /** Has credentials found anew, since those that were found are not taken any more; to be called where they are. */
    void forget() {
        if (chain != null) {
            chain.close();
            chain = null;
        }
    }

    private String region() {
        String found = region;
        if (found == null) {
            found = new DefaultAwsRegionProviderChain().getRegion().id();
            region = found;
        }
        return found;
    }

    private AwsCredentialsProvider chain() {
        DefaultCredentialsProvider found = chain;
        if (found == null) {
            found = DefaultCredentialsProvider.builder().build();
            chain = found;
        }
        return found;
    }

    private @Nullable String firstSet(String... names) {
        for (String name : names) {
            String value = environment.get(name);
            if (value != null && !value.isBlank()) {
                return value;
            }
        }
        return null;
    }

    private static String shortened(String text) {
        String line = text.replaceAll("\\s+", " ");
        return line.length() > LONGEST_REASON ? line.substring(0, LONGEST_REASON) + "..." : line;
    }
}
