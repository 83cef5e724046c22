package io.myelin.discovery.ec2tag;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.myelin.discovery.ec2tag.Aws.Access;
import io.myelin.discovery.ec2tag.InstancesPage.Instance;
import io.myelin.discovery.fetch.HttpAnswer;
import io.myelin.discovery.fetch.HttpFetcher;
import io.myelin.discovery.fetch.TlsFiles;
import io.myelin.discovery.fetch.Trusts;
import io.myelin.discovery.polling.PollException;
import io.myelin.discovery.polling.PollingWatcher.Poll;
import io.myelin.discovery.polling.Reading;
import io.myelin.model.Endpoint;
import io.netty.handler.ssl.SslContext;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Pattern;
import javax.xml.stream.XMLStreamException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks EC2 for the running instances that have the tags, page by page. */
final class Ec2TagPoll implements Poll {
    /*
     * DescribeInstances of the query API, version 2016-11-15: a form with numbered filters, all of which must hold; a
     * page has up to 1,000 instances and a token if there are more.
     */
    private static final String VERSION = "2016-11-15";
    private static final int PAGE = 1_000;
    private static final int MAX_PAGES = 100;
    /** What EC2 calls credentials that it does not take, or not any more. */
    private static final Pattern REFUSED =
            Pattern.compile("(AuthFailure|RequestExpired|ExpiredToken|InvalidClientTokenId|UnrecognizedClient)\\b.*");

    private static final Logger log = LoggerFactory.getLogger(Ec2TagPoll.class);

    private final Ec2TagConfig config;
    private final Aws aws;
    private final HttpFetcher fetcher;
    private final Trusts trusts;
    private final Executor blocking;
    private final Executor loop;

    /**
     * Creates a way of asking.
     *
     * @param blocking runs what may block
     * @param loop the loop of this kind of registry
     */
    Ec2TagPoll(Ec2TagConfig config, Aws aws, HttpFetcher fetcher, Trusts trusts, Executor blocking, Executor loop) {
        this.config = config;
        this.aws = aws;
        this.fetcher = fetcher;
        this.trusts = trusts;
        this.blocking = blocking;
        this.loop = loop;
    }

    @Override
    public CompletableFuture<Reading> read() {
        return access().thenComposeAsync(access -> pages(access, "", 1, new ArrayList<>()), loop)
                .thenApply(instances -> Reading.of(instances.stream()
                        .map(instance -> Endpoint.of(instance.dnsName(), instance.address(), config.port()))
                        .toList()));
    }

    private CompletableFuture<Access> access() {
        CompletableFuture<Access> access = new CompletableFuture<>();
        try {
            blocking.execute(() -> {
                try {
                    access.complete(aws.resolve(config.region(), config.keys()));
                } catch (PollException | RuntimeException e) {
                    loop.execute(() -> access.completeExceptionally(e));
                }
            });
        } catch (RejectedExecutionException e) {
            access.completeExceptionally(new PollException("closed", e));
        }
        return access;
    }

    private CompletableFuture<List<Instance>> pages(Access access, String token, int page, List<Instance> found) {
        SslContext tls;
        try {
            tls = trusts.of(access.origin(), TlsFiles.NONE);
        } catch (PollException e) {
            return CompletableFuture.failedFuture(e);
        }
        return fetcher.send(access.origin(), Aws.signedPost(access, form(token)), tls)
                .thenCompose(answer -> {
                    try {
                        InstancesPage instances = page(access, answer);
                        found.addAll(instances.instances());
                        if (instances.nextToken().isEmpty()) {
                            return CompletableFuture.completedFuture(found);
                        }
                        return page >= MAX_PAGES || instances.nextToken().equals(token)
                                ? CompletableFuture.failedFuture(
                                        new PollException(access.origin() + ": more than " + MAX_PAGES + " pages"))
                                : pages(access, instances.nextToken(), page + 1, found);
                    } catch (PollException e) {
                        return CompletableFuture.failedFuture(e);
                    }
                });
    }

    private InstancesPage page(Access access, HttpAnswer answer) throws PollException {
        if (!answer.ok()) {
            String error = InstancesPage.error(answer.body());
            if (REFUSED.matcher(error).matches()) {
                forgetCredentials();
            }
            throw new PollException(
                    access.origin() + ": status " + answer.status() + (error.isEmpty() ? "" : " " + error));
        }
        try {
            return InstancesPage.parse(answer.body());
        } catch (XMLStreamException e) {
            throw new PollException(access.origin() + ": not the XML of DescribeInstances", e);
        }
    }

    private void forgetCredentials() {
        try {
            blocking.execute(aws::forget);
        } catch (RejectedExecutionException e) {
            log.debug("Closed while credentials were refused", e);
        }
    }

    private String form(String token) {
        StringBuilder form = new StringBuilder("Action=DescribeInstances&Version=" + VERSION + "&MaxResults=" + PAGE);
        int number = 1;
        for (Map.Entry<String, List<String>> tag : config.tags().entrySet()) {
            filter(form, number++, "tag:" + tag.getKey(), tag.getValue());
        }
        filter(form, number, "instance-state-name", List.of("running"));
        if (!token.isEmpty()) {
            form.append("&NextToken=").append(encoded(token));
        }
        return form.toString();
    }

    private static void filter(StringBuilder form, int number, String name, List<String> values) {
        String prefix = "&Filter." + number + ".";
        form.append(prefix).append("Name=").append(encoded(name));
        for (int value = 0; value < values.size(); value++) {
            form.append(prefix).append("Value.").append(value + 1).append('=').append(encoded(values.get(value)));
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }
}
