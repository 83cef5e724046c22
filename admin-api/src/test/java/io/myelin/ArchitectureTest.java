package io.myelin;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.core.domain.JavaModifier.STATIC;
import static com.tngtech.archunit.core.domain.JavaModifier.VOLATILE;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.myelin.model.Clock;
import io.myelin.model.OwnedBy;
import io.netty.channel.ChannelHandler;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.jspecify.annotations.NullMarked;

/** The architecture, in executable form. A rule that must be broken is changed here, with its reason. */
@NullMarked
@AnalyzeClasses(
        packages = "io.myelin",
        importOptions = {
            DoNotIncludeTests.class,
            ArchitectureTest.NoTestJars.class,
            ArchitectureTest.NothingGenerated.class
        })
class ArchitectureTest {
    /** The fixtures that modules share come as jars, which {@link DoNotIncludeTests} does not recognize. */
    static final class NoTestJars implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar");
        }
    }

    /** What is made from {@code plugin.proto} has the shape that its compiler gives it. */
    static final class NothingGenerated implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/health/plugin/wire/");
        }
    }

    private static final String[] DATA_PLANE = {"..net..", "..tcp..", "..http..", "..upstream..", "..server.."};
    private static final String[] PURE = {
        "..model..",
        "..access..",
        "..balance..",
        "..pool..",
        "..route..",
        "..failure..",
        "..metrics..",
        "..control..",
        "io.myelin.log.."
    };

    // Who may see whom.

    @ArchTest
    static final ArchRule packagesAreFreeOfCycles =
            slices().matching("io.myelin.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule modelIsPlainJava = classes()
            .that(resideInAPackage("..model.."))
            .should()
            .onlyDependOnClassesThat(
                    resideInAnyPackage("io.myelin.model..", "java..", "org.jspecify..", "com.google.errorprone.."));

    /** Everyone reads certificates and keys with it, so that it stands below even the vocabulary. */
    @ArchTest
    static final ArchRule pemIsPlainJava = classes()
            .that(resideInAPackage("io.myelin.pem.."))
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage("io.myelin.pem..", "java..", "org.jspecify.."));

    @ArchTest
    static final ArchRule pureLogicDoesNotSeeTheNetwork = noClasses()
            .that(resideInAnyPackage(PURE))
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.netty..", "io.grpc..", "com.fasterxml..", "java.net.http.."));

    @ArchTest
    static final ArchRule discoveryKnowsOnlyTheVocabulary = knowsOnlyTheVocabulary("discovery");

    @ArchTest
    static final ArchRule healthKnowsOnlyTheVocabulary = knowsOnlyTheVocabulary("health");

    @ArchTest
    static final ArchRule adminReadsTheCoreOnly = noClasses()
            .that(resideInAPackage("..admin.."))
            .should()
            .dependOnClassesThat(resideInAnyPackage("..discovery..", "..health..", "..launcher.."));

    @ArchTest
    static final ArchRule curatorStaysBehindDiscovery = noClasses()
            .that(not(resideInAPackage("..discovery.zookeeper..")))
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.apache.curator..", "org.apache.zookeeper.."));

    @ArchTest
    static final ArchRule grpcStaysBehindHealth = noClasses()
            .that(not(resideInAnyPackage("..health.grpc..", "..health.plugin..")))
            .should()
            .dependOnClassesThat(resideInAnyPackage("io.grpc..", "com.google.protobuf.."));

    @ArchTest
    static final ArchRule nothingDependsOnTheLauncher = noClasses()
            .that(not(resideInAPackage("..launcher..")))
            .should()
            .dependOnClassesThat(resideInAPackage("..launcher.."));

    // Threads.

    @ArchTest
    static final ArchRule mutableStateNamesItsOwner = fields().that(areMutable())
            .should(new ArchCondition<JavaField>("be volatile, @GuardedBy, or in a type that is @OwnedBy a thread") {
                @Override
                public void check(JavaField field, ConditionEvents events) {
                    JavaClass type = field.getOwner();
                    boolean owned = field.getModifiers().contains(VOLATILE)
                            || field.isAnnotatedWith(GuardedBy.class)
                            || type.isAnnotatedWith(OwnedBy.class);
                    events.add(new SimpleConditionEvent(field, owned, field.getFullName()));
                }
            });

    @ArchTest
    static final ArchRule eventLoopsNeverBlock = noClasses()
            .that(resideInAnyPackage(DATA_PLANE))
            .should()
            .callMethodWhere(target(owner(assignableTo(Future.class))).and(target(nameMatching("get"))))
            .orShould()
            .callMethodWhere(
                    target(owner(assignableTo(CompletableFuture.class))).and(target(nameMatching("join"))))
            .orShould()
            .callMethodWhere(target(owner(assignableTo(io.netty.util.concurrent.Future.class)))
                    .and(target(nameMatching("sync.*|await.*"))))
            .orShould()
            .callMethodWhere(target(owner(assignableTo(CountDownLatch.class))).and(target(nameMatching("await"))))
            .orShould()
            .callMethodWhere(target(owner(assignableTo(Thread.class))).and(target(nameMatching("sleep|join"))))
            .orShould()
            .dependOnClassesThat(resideInAnyPackage("java.util.concurrent.locks..", "java.nio.file.."))
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule nothingIsSynchronized = methods().should().notHaveModifier(JavaModifier.SYNCHRONIZED);

    @ArchTest
    static final ArchRule timeComesFromTheClock = noClasses()
            .that(not(assignableTo(Clock.class)))
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Instant.class, "now");

    // Shape and names.

    @ArchTest
    static final ArchRule handlersAreFinal = classes()
            .that(assignableTo(ChannelHandler.class))
            .and()
            .areNotAnonymousClasses()
            .should()
            .haveModifier(FINAL);

    @ArchTest
    static final ArchRule namesSayWhatAThingIs = noClasses()
            .should()
            .haveNameMatching(".*(Impl|Utils?|Helper|Manager|Info|Data|Processor)$")
            .orShould()
            .haveNameMatching(".*\\.(Abstract[A-Z]|Base[A-Z]|I[A-Z][a-z])\\w*$");

    private static ArchRule knowsOnlyTheVocabulary(String module) {
        return noClasses()
                .that(resideInAPackage(".." + module + ".."))
                .should()
                .dependOnClassesThat(resideInAPackage("io.myelin..")
                        .and(not(resideInAnyPackage(
                                "io.myelin." + module + "..",
                                "io.myelin.model..",
                                "io.myelin.metrics..",
                                "io.myelin.pem.."))));
    }

    private static DescribedPredicate<JavaField> areMutable() {
        return DescribedPredicate.describe(
                "are mutable",
                field -> !field.getModifiers().contains(FINAL)
                        && !field.getModifiers().contains(STATIC)
                        && !field.getOwner().getPackageName().contains("benchmarks"));
    }
}
