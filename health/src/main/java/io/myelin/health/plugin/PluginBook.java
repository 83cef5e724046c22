package io.myelin.health.plugin;

import io.myelin.health.plugin.PluginLink.Introduction;
import io.myelin.health.plugin.Plugins.Unregistered;
import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.myelin.model.OwnedBy.Owner;
import io.myelin.model.RandomSource;
import io.myelin.model.SourceStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of plugins, and how it changes: addresses that sources name, who answers there, and how calls end.
 *
 * <p>A plugin is known by its id, not by its address. It has at most one address: the first that answered with its id,
 * until no source names that one any more, somebody else answers there, or it is dead and another one answers with the
 * id.
 */
@OwnedBy(Owner.PLUGINS)
final class PluginBook {
    private static final Logger log = LoggerFactory.getLogger(PluginBook.class);

    private final PluginLoop loop;
    private final PluginLink.Dialer dialer;
    private final Clock clock;
    private final RandomSource random;
    private final Consumer<Snapshot> publisher;
    private final Map<String, PluginSource> sources = new LinkedHashMap<>();
    private final Map<PluginAddress, Site> sites = new LinkedHashMap<>();
    private final Map<String, KnownPlugin> plugins = new TreeMap<>();
    private @Nullable Look look;
    private PluginLoop.@Nullable Timer timer;

    /**
     * One plugin for those who ask.
     *
     * @param link how it is spoken to, {@code null} if it is disabled
     */
    record Entry(PluginView view, @Nullable PluginLink link) {}

    /** Everything that is known at one moment: plugins by id, sources, and addresses without a plugin. */
    record Snapshot(Map<String, Entry> plugins, List<SourceStatus> sources, List<Unregistered> unregistered) {
        static final Snapshot EMPTY = new Snapshot(Map.of(), List.of(), List.of());
    }

    /** Creates a book without a source; {@code publisher} takes everything whenever something changed. */
    PluginBook(
            PluginLoop loop, PluginLink.Dialer dialer, Clock clock, RandomSource random, Consumer<Snapshot> publisher) {
        this.loop = loop;
        this.dialer = dialer;
        this.clock = clock;
        this.random = random;
        this.publisher = publisher;
    }

    // Sources.

    /** Takes the addresses that {@code source} names now; those that are new are looked at. */
    void replace(String source, List<PluginAddress> addresses) {
        if (source(source).replace(addresses)) {
            reconcile();
        }
    }

    void status(String source, SourceStatus status) {
        source(source).status(status);
        publish();
    }

    /** Forgets {@code source} and what it named. */
    void withdraw(String source) {
        sources.remove(source);
        reconcile();
    }

    private PluginSource source(String name) {
        return sources.computeIfAbsent(
                name,
                unknown -> new PluginSource(
                        new SourceStatus(name, SourceStatus.State.STARTING, clock.wallMillis(), 0, "")));
    }

    private boolean named(Site site) {
        return sites.get(site.address()) == site;
    }

    private void reconcile() {
        Set<PluginAddress> wanted = new LinkedHashSet<>();
        sources.values().forEach(source -> wanted.addAll(source.addresses()));
        List<Site> gone = new ArrayList<>(sites.values());
        gone.removeIf(site -> wanted.contains(site.address()));
        gone.forEach(this::drop);
        List<Site> fresh = new ArrayList<>();
        for (PluginAddress address : wanted) {
            if (!sites.containsKey(address)) {
                fresh.add(settle(address));
            }
        }
        publish();
        fresh.forEach(this::include);
    }

    private void drop(Site site) {
        sites.remove(site.address());
        KnownPlugin holder = site.holder();
        if (holder != null) {
            disable(holder, "no source names " + site.address().text() + " any more");
        }
        plugins.values().forEach(plugin -> plugin.forget(site));
        site.retries(null);
        site.link().close();
    }

    private Site settle(PluginAddress address) {
        Site[] self = new Site[1];
        PluginLink link = dialer.open(address, (failure, then) -> ended(self[0], failure, then));
        Site site = new Site(address, link);
        self[0] = site;
        sites.put(address, site);
        for (KnownPlugin plugin : plugins.values()) {
            if (plugin.site() == null && plugin.address().equals(address)) {
                plugin.move(site);
                plugin.active(false, "named again, and not asked yet");
                log.info("Plugin enabled: plugin={} address={}", plugin.id(), address.text());
                break;
            }
        }
        return site;
    }

    // Looks.

    /**
     * Takes the addresses that {@code source} names now, looks at all addresses, and then again every {@code period}.
     */
    void follow(String source, List<PluginAddress> addresses, Duration period) {
        again(period);
        source(source).replace(addresses);
        List<Site> before = List.copyOf(sites.values());
        Look begun = begin();
        reconcile();
        before.stream().filter(this::named).forEach(this::include);
        begun.visited();
    }

    private void again(Duration period) {
        PluginLoop.Timer before = timer;
        if (before != null) {
            before.cancel();
        }
        timer = loop.schedule(period, () -> {
            again(period);
            refresh();
        });
    }

    /** Looks at every address, or joins the look that is under way. */
    CompletionStage<?> refresh() {
        Look current = look;
        if (current != null) {
            return current.over();
        }
        Look begun = begin();
        List.copyOf(sites.values()).forEach(this::include);
        begun.visited();
        return begun.over();
    }

    private Look begin() {
        Look current = look;
        if (current != null) {
            current.include();
            return current;
        }
        Look begun = new Look(() -> look = null);
        look = begun;
        return begun;
    }

    /** Lets the look under way, if there is one, last until there was a visit that began not before now. */
    private void include(Site site) {
        Look current = look;
        if (current == null) {
            visit(site, () -> {});
            return;
        }
        current.include();
        visit(site, site.visiting() ? () -> visit(site, current::visited) : current::visited);
    }

    private void visit(Site site, Runnable afterwards) {
        if (!site.visit(afterwards)) {
            return;
        }
        if (site.holder() == null) {
            introduce(site);
        } else {
            site.link().test().whenComplete((fine, failure) -> loop.execute(() -> tested(site, failure)));
        }
    }

    private void tested(Site site, @Nullable Throwable failure) {
        if (failure == null || reached(failure)) {
            introduce(site);
        } else {
            site.visited();
        }
    }

    private void introduce(Site site) {
        site.link()
                .introduce()
                .whenComplete((introduction, failure) -> loop.execute(() -> introduced(site, introduction, failure)));
    }

    private void introduced(Site site, @Nullable Introduction introduction, @Nullable Throwable failure) {
        if (!named(site)) {
            site.visited();
        } else if (introduction == null) {
            trouble(site, failure == null ? "no answer" : failureOf(failure).getMessage());
            retry(site);
            site.visited();
        } else if (introduction.identity().id().isEmpty()
                || introduction.identity().tag().isEmpty()) {
            trouble(site, "the plugin names no " + (introduction.identity().id().isEmpty() ? "id" : "tag"));
            site.visited();
        } else {
            trouble(site, "");
            site.retries(null);
            claim(site, introduction);
        }
    }

    /** Lets an address at which nobody is known be tried again before the next look at all. */
    private void retry(Site site) {
        if (site.holder() != null) {
            return;
        }
        Reconnection retries = site.retries();
        if (retries == null) {
            retries = new Reconnection(loop, random);
            site.retries(retries);
        }
        retries.later(() -> revisit(site));
    }

    private void trouble(Site site, @Nullable String text) {
        String words = text == null ? "no answer" : text;
        if (!site.trouble(words)) {
            return;
        }
        if (!words.isEmpty() && site.holder() == null) {
            log.warn(
                    "Plugin not registered: address={} reason={}",
                    site.address().text(),
                    words);
        }
        publish();
    }

    // Who is where.

    private void claim(Site site, Introduction introduction) {
        String id = introduction.identity().id();
        KnownPlugin holder = site.holder();
        if (holder != null && !holder.id().equals(id)) {
            disable(holder, site.address().text() + " is " + id + " now");
        }
        KnownPlugin known = plugins.get(id);
        if (known == null) {
            register(site, introduction);
        } else if (known.site() == site) {
            known.introduce(introduction);
            publish();
            site.visited();
        } else {
            contest(site, introduction, known);
        }
    }

    private void register(Site site, Introduction introduction) {
        KnownPlugin plugin = new KnownPlugin(introduction, site, clock);
        plugins.put(plugin.id(), plugin);
        log.info(
                "Plugin registered: plugin={} tag={} address={}",
                plugin.id(),
                introduction.identity().tag(),
                site.address().text());
        activate(plugin, "answers at " + site.address().text());
        site.visited();
    }

    /** Lets the plugin stay where it is if it answers there, and come to {@code site} otherwise. */
    private void contest(Site site, Introduction introduction, KnownPlugin known) {
        Site current = known.site();
        if (current == null) {
            move(known, site, introduction);
            site.visited();
            return;
        }
        current.link()
                .test()
                .whenComplete((fine, failure) -> loop.execute(() -> {
                    if (named(site) && known.site() != site) {
                        decide(site, introduction, known);
                    }
                    site.visited();
                }));
    }

    private void decide(Site site, Introduction introduction, KnownPlugin known) {
        Site current = known.site();
        if (current == null || !known.active()) {
            move(known, site, introduction);
        } else if (known.collide(site)) {
            log.warn(
                    "Two plugins have one id, and the first is used: plugin={} address={} other={}",
                    known.id(),
                    current.address().text(),
                    site.address().text());
            publish();
        }
    }

    private void move(KnownPlugin plugin, Site site, Introduction introduction) {
        String before = plugin.address().text();
        KnownPlugin holder = site.holder();
        if (holder != null && holder != plugin) {
            disable(holder, site.address().text() + " is " + plugin.id() + " now");
        }
        boolean moved = !plugin.address().equals(site.address());
        plugin.move(site);
        plugin.introduce(introduction);
        if (moved) {
            log.info(
                    "Plugin moved: plugin={} from={} to={}",
                    plugin.id(),
                    before,
                    site.address().text());
        }
        String where = "answers at " + site.address().text();
        activate(plugin, moved ? where + ", before at " + before : where);
    }

    private void disable(KnownPlugin plugin, String why) {
        plugin.reconnection(null);
        plugin.leave();
        plugin.active(false, why);
        log.info("Plugin disabled: plugin={} reason={}", plugin.id(), why);
        publish();
        plugin.claims().forEach(site -> loop.execute(() -> revisit(site)));
    }

    // How calls end.

    /** Takes note of the end of a call at {@code site}; safe from any thread. */
    private void ended(Site site, @Nullable String failure, Runnable then) {
        if (failure == null && site.settled()) {
            then.run();
            return;
        }
        loop.execute(() -> {
            note(site, failure);
            then.run();
        });
    }

    private void note(Site site, @Nullable String failure) {
        KnownPlugin plugin = site.holder();
        if (plugin == null) {
            return;
        }
        if (failure == null) {
            activate(plugin, "answers at " + site.address().text());
        } else {
            deactivate(plugin, failure);
        }
    }

    private void activate(KnownPlugin plugin, String why) {
        plugin.reconnection(null);
        if (!plugin.active()) {
            plugin.active(true, why);
            log.info("Plugin active: plugin={} reason={}", plugin.id(), why);
        }
        publish();
    }

    private void deactivate(KnownPlugin plugin, String why) {
        if (plugin.active()) {
            plugin.active(false, why);
            log.warn("Plugin inactive: plugin={} reason={}", plugin.id(), why);
            plugin.claims().forEach(site -> loop.execute(() -> revisit(site)));
        } else {
            plugin.because(why);
        }
        Reconnection current = plugin.reconnection();
        if (current == null) {
            current = new Reconnection(loop, random);
            plugin.reconnection(current);
            reconnect(plugin, current);
        }
        publish();
    }

    private void reconnect(KnownPlugin plugin, Reconnection reconnection) {
        Site site = plugin.site();
        if (site != null) {
            visit(site, () -> reconnection.later(() -> reconnect(plugin, reconnection)));
        }
    }

    private void revisit(Site site) {
        if (named(site)) {
            visit(site, () -> {});
        }
    }

    // The rest.

    /** Makes new calls on new connections. */
    void renew() {
        sites.values().forEach(site -> site.link().renew());
    }

    /** Ends everything; whoever waits for a look hears that it failed. */
    void close() {
        PluginLoop.Timer waiting = timer;
        if (waiting != null) {
            waiting.cancel();
        }
        plugins.values().forEach(plugin -> plugin.reconnection(null));
        Look current = look;
        if (current != null) {
            current.over().completeExceptionally(new IllegalStateException("the plugins were closed"));
        }
        List.copyOf(sites.values()).forEach(site -> {
            sites.remove(site.address());
            site.retries(null);
            site.link().close();
        });
    }

    private void publish() {
        Map<String, Entry> all = new TreeMap<>();
        plugins.forEach((id, plugin) -> {
            Site site = plugin.site();
            all.put(id, new Entry(plugin.view(), site == null ? null : site.link()));
        });
        publisher.accept(new Snapshot(
                all,
                sources.values().stream().map(PluginSource::status).toList(),
                sites.values().stream()
                        .filter(site -> site.holder() == null)
                        .map(site -> new Unregistered(site.address(), site.trouble()))
                        .toList()));
    }

    private static boolean reached(Throwable failure) {
        return failureOf(failure) instanceof PluginCallException call
                && call.kind() != PluginCallException.Kind.UNREACHABLE;
    }

    private static Throwable failureOf(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
