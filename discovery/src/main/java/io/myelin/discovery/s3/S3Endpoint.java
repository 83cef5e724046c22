package io.myelin.discovery.s3;

import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/**
 * Where buckets are.
 *
 * @param override the base of every address, which then ends in bucket and key; {@code null} for Amazon's own
 */
record S3Endpoint(@Nullable String override) {
    /** Returns what the environment of a process says. */
    static S3Endpoint of(Map<String, String> environment) {
        String ofAll = environment.get("AWS_ENDPOINT_URL");
        String ofS3 = environment.get("AWS_ENDPOINT_URL_S3");
        return new S3Endpoint(ofS3 == null ? ofAll : ofS3);
    }

    /**
     * Returns the address of an object. The name of a bucket with a dot fits no certificate as a host name, so it
     * stands in the path.
     */
    URI addressOf(String bucket, String key, String region) {
        String path = "/" + SdkHttpUtils.urlEncodeIgnoreSlashes(key);
        if (override != null) {
            return URI.create(withoutSlash(override) + "/" + bucket + path);
        }
        String host = "s3." + region + ".amazonaws.com" + (region.startsWith("cn-") ? ".cn" : "");
        return URI.create(
                bucket.contains(".")
                        ? "https://" + host + "/" + bucket + path
                        : "https://" + bucket + "." + host + path);
    }

    private static String withoutSlash(String base) {
        return base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    }
}
