package io.myelin.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.myelin.http.ClientConfig;
import io.myelin.http.HeadRewrite;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Claim: parsing, validating and rewriting a head allocates nothing and costs less than a system call. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class HeadBenchmark {
    @Param
    public Sample sample = Sample.SMALL_REQUEST;

    private final HeadRewrite rewrite = new HeadRewrite(
            ClientConfig.DEFAULT, "10.20.30.40", new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080));
    private byte[] head = new byte[0];

    /** A head as it is seen in practice. */
    public enum Sample {
        /** 120 bytes, as a load generator sends it. */
        SMALL_REQUEST("GET /api/v1/items/12345?verbose=true HTTP/1.1\r\n"
                + "Host: items.internal:8080\r\n"
                + "User-Agent: benchmark/1.0\r\n"
                + "Accept: text/html\r\n\r\n"),
        /** 400 bytes, as one service asks another. */
        TYPICAL_REQUEST("POST /v2/accounts/7c9e6679-7425-40de-944b-e07fc1f90ae7/orders HTTP/1.1\r\n"
                + "Host: orders.internal.example.com\r\n"
                + "User-Agent: okhttp/4.12.0\r\n"
                + "Accept: application/json\r\n"
                + "Accept-Encoding: gzip\r\n"
                + "Content-Type: application/json; charset=utf-8\r\n"
                + "Content-Length: 512\r\n"
                + "X-Request-Id: 0af7651916cd43dd8448eb211c80319c\r\n"
                + "Traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n"
                + "Connection: keep-alive\r\n\r\n"),
        /** 700 bytes in twelve fields, as a browser sends it. */
        BROWSER_REQUEST("GET /catalog/search?q=running+shoes&page=2&sort=price_asc HTTP/1.1\r\n"
                + "Host: www.shop.example.com\r\n"
                + "Connection: keep-alive\r\n"
                + "Cache-Control: max-age=0\r\n"
                + "Upgrade-Insecure-Requests: 1\r\n"
                + "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
                + " Chrome/126.0.0.0 Safari/537.36\r\n"
                + "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r\n"
                + "Sec-Fetch-Site: same-origin\r\n"
                + "Sec-Fetch-Mode: navigate\r\n"
                + "Referer: https://www.shop.example.com/catalog/search?q=running+shoes\r\n"
                + "Accept-Encoding: gzip, deflate, br, zstd\r\n"
                + "Accept-Language: en-GB,en;q=0.9,de;q=0.8\r\n"
                + "Cookie: session=8f14e45fceea167a5a36dedd4bea2543; theme=dark; consent=1\r\n\r\n"),
        /** 200 bytes. */
        RESPONSE("HTTP/1.1 200 OK\r\n"
                + "Date: Tue, 15 Nov 1994 08:12:31 GMT\r\n"
                + "Server: origin/2.4\r\n"
                + "Content-Type: application/json; charset=utf-8\r\n"
                + "Content-Length: 1024\r\n"
                + "Cache-Control: no-cache\r\n"
                + "ETag: \"33a64df551425fcc\"\r\n\r\n");

        private final String text;

        Sample(String text) {
            this.text = text;
        }
    }

    @Setup
    public void readSample() {
        byte[] request = Sample.SMALL_REQUEST.text.getBytes(US_ASCII);
        rewrite.request(request, request.length);
        head = sample.text.getBytes(US_ASCII);
    }

    /** Both ways of one head: in and out. */
    @Benchmark
    public int parseAndCompose() {
        return sample == Sample.RESPONSE ? rewrite.response(head, head.length) : rewrite.request(head, head.length);
    }
}
