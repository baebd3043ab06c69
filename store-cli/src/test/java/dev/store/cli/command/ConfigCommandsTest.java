package dev.store.cli.command;

import static dev.store.cli.ScriptedMember.unary;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.store.api.error.ErrorCode;
import dev.store.api.error.StoreException;
import dev.store.api.v1.ConfigDiffResponse;
import dev.store.api.v1.ConfigDraft;
import dev.store.api.v1.ConfigEntry;
import dev.store.api.v1.ConfigGetRequest;
import dev.store.api.v1.ConfigGetResponse;
import dev.store.api.v1.ConfigGrayResponse;
import dev.store.api.v1.ConfigGrpc;
import dev.store.api.v1.ConfigHistoryResponse;
import dev.store.api.v1.ConfigInstance;
import dev.store.api.v1.ConfigKey;
import dev.store.api.v1.ConfigOutcome;
import dev.store.api.v1.ConfigPublishRequest;
import dev.store.api.v1.ConfigPublishResponse;
import dev.store.api.v1.ConfigReceipt;
import dev.store.api.v1.ConfigReceiptsResponse;
import dev.store.api.v1.ConfigSearchResponse;
import dev.store.api.v1.ConfigSetSchemaResponse;
import dev.store.api.v1.ConfigStartGrayRequest;
import dev.store.api.v1.ConfigType;
import dev.store.api.v1.ConfigViolation;
import dev.store.api.v1.ResponseHeader;
import dev.store.cli.CommandRun;
import dev.store.cli.ExitCode;
import dev.store.cli.ScriptedMember;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ConfigCommandsTest {
    private static final ResponseHeader HEADER =
            ResponseHeader.newBuilder().setRevision(42).build();
    private static final ConfigKey KEY =
            ConfigKey.newBuilder().setGroup("pay").setName("limits.yaml").build();

    @TempDir
    Path folder;

    private static ConfigEntry.Builder entry(long version, String content) {
        return ConfigEntry.newBuilder()
                .setKey(KEY)
                .setVersion(version)
                .setType(ConfigType.CONFIG_TYPE_YAML)
                .setContent(ByteString.copyFromUtf8(content))
                .setSizeBytes(content.length())
                .putLabels("team", "core")
                .setAuthor("ann")
                .setComment("why")
                .setPublishedAtMs(1_000);
    }

    private static ScriptedMember publishing() throws IOException {
        return ScriptedMember.answering(unary(ConfigGrpc.getPublishMethod(), request -> {
            ConfigPublishResponse.Builder response =
                    ConfigPublishResponse.newBuilder().setHeader(HEADER);
            for (ConfigDraft draft : request.getDraftsList()) {
                response.addOutcomes(ConfigOutcome.newBuilder()
                        .setKey(draft.getKey())
                        .setVersion(3)
                        .setPreviousVersion(2)
                        .setChanged(true)
                        .setDiff("-a\n+b\n"));
            }
            return response.build();
        }));
    }

    @Test
    void publishSendsContentTypeAndWordsOfOneOrSeveralEntries() throws IOException {
        Path file = Files.writeString(folder.resolve("limits.yaml"), "max: 1\n");
        try (ScriptedMember member = publishing()) {
            CommandRun run = CommandRun.against(member.endpoint())
                    .with("USER", "ann")
                    .run(
                            "config",
                            "publish",
                            "pay/limits.yaml",
                            "-f",
                            file.toString(),
                            "--with",
                            "pay/other.yaml=" + file,
                            "--expect",
                            "2",
                            "-m",
                            "why");

            assertThat(run.err()).isEmpty();
            assertThat(run.out())
                    .isEqualTo("pay/limits.yaml version 3, revision 42\npay/other.yaml version 3, revision 42\n");
            ConfigPublishRequest request =
                    (ConfigPublishRequest) member.requests().get(0);
            assertThat(request.getAuthor()).isEqualTo("ann");
            assertThat(request.getComment()).isEqualTo("why");
            assertThat(request.getOperation().getClientId()).isNotZero();
            ConfigDraft draft = request.getDrafts(0);
            assertThat(draft.getType()).isEqualTo(ConfigType.CONFIG_TYPE_YAML);
            assertThat(draft.getContent().toStringUtf8()).isEqualTo("max: 1\n");
            assertThat(draft.getExpectedVersion()).isEqualTo(2);
            assertThat(draft.getKeepMetadata()).isTrue();
            assertThat(request.getDrafts(1).hasExpectedVersion()).isFalse();
        }
    }

    @Test
    void publishTakesContentFromArgumentAndStandardInput() throws IOException {
        try (ScriptedMember member = publishing()) {
            CommandRun.against(member.endpoint()).run("config", "publish", "g/a", "text", "--label", "x=y");
            CommandRun.against(member.endpoint()).typing("{}").run("config", "publish", "g/a", "-", "--type", "json");

            ConfigDraft argument = ((ConfigPublishRequest) member.requests().get(0)).getDrafts(0);
            assertThat(argument.getContent().toStringUtf8()).isEqualTo("text");
            assertThat(argument.getLabelsMap()).containsEntry("x", "y");
            assertThat(argument.getKeepMetadata()).isFalse();
            ConfigDraft typed = ((ConfigPublishRequest) member.requests().get(1)).getDrafts(0);
            assertThat(typed.getContent().toStringUtf8()).isEqualTo("{}");
            assertThat(typed.getType()).isEqualTo(ConfigType.CONFIG_TYPE_JSON);
        }
    }

    @Test
    void aDryRunShowsTheDiffInColoursOnlyOnATerminal() throws IOException {
        try (ScriptedMember member = publishing()) {
            CommandRun plain = CommandRun.against(member.endpoint()).run("config", "publish", "g/a", "x", "--dry-run");
            assertThat(plain.out()).isEqualTo("g/a would become version 3\n-a\n+b\n");

            CommandRun terminal = CommandRun.against(member.endpoint())
                    .with("STORE_TTY", "out")
                    .run("config", "publish", "g/a", "x", "--dry-run");
            assertThat(terminal.out()).contains("\u001b[31m-a\u001b[0m", "\u001b[32m+b\u001b[0m");

            CommandRun json = CommandRun.against(member.endpoint())
                    .run("config", "publish", "g/a", "x", "--dry-run", "-o", "json");
            assertThat(json.out())
                    .isEqualTo("{\"revision\":42,\"dry_run\":true,\"entries\":[{\"group\":\"g\",\"name\":\"a\","
                            + "\"version\":3,\"previous_version\":2,\"changed\":true,\"diff\":\"-a\\n+b\\n\"}]}\n");
        }
    }

    @Test
    void getPrintsExactlyTheContentAndAsksAsAnInstance() throws IOException {
        try (ScriptedMember member =
                ScriptedMember.answering(unary(ConfigGrpc.getGetMethod(), request -> ConfigGetResponse.newBuilder()
                        .setHeader(HEADER)
                        .setEntry(entry(3, "max: 1\u001b[2J"))
                        .build()))) {
            CommandRun run = CommandRun.against(member.endpoint())
                    .run("config", "get", "pay/limits.yaml", "--as", "i-1", "--as-label", "zone=b", "--resolve");
            assertThat(run.out()).isEqualTo("max: 1\u001b[2J");
            ConfigGetRequest request = (ConfigGetRequest) member.requests().get(0);
            assertThat(request.getSeenBy().getId()).isEqualTo("i-1");
            assertThat(request.getSeenBy().getLabelsMap()).containsEntry("zone", "b");
            assertThat(request.getResolve()).isTrue();

            CommandRun terminal = CommandRun.against(member.endpoint())
                    .with("STORE_TTY", "out")
                    .run("config", "get", "pay/limits.yaml");
            assertThat(terminal.out()).isEqualTo("max: 1\\x1b[2J\n");
        }
    }

    @Test
    void historyIsATable() throws IOException {
        try (ScriptedMember member = ScriptedMember.answering(
                unary(ConfigGrpc.getHistoryMethod(), request -> ConfigHistoryResponse.newBuilder()
                        .setHeader(HEADER)
                        .setNewestVersion(2)
                        .addVersions(entry(2, "b"))
                        .addVersions(entry(1, "a"))
                        .build()))) {
            CommandRun run = CommandRun.against(member.endpoint()).run("config", "history", "pay/limits.yaml");

            assertThat(run.out().lines())
                    .element(1)
                    .asString()
                    .startsWith("2 *")
                    .contains("1970-01-01T00:00:01Z", "ann (anonymous)", "why");
        }
    }

    @Test
    void errorsGiveTheirExitCodes() throws IOException {
        assertThat(code(ErrorCode.CONFIG_NOT_FOUND)).isEqualTo(ExitCode.NO);
        assertThat(code(ErrorCode.VERSION_CONFLICT)).isEqualTo(ExitCode.CONFLICT);
        assertThat(code(ErrorCode.CONTENT_MALFORMED)).isEqualTo(ExitCode.USAGE);
        assertThat(new CommandRun().run("config", "get", "nogroup").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(new CommandRun().run("config", "publish", "g/a").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(new CommandRun()
                        .run("config", "publish", "g/a", "x", "-t", "ini")
                        .exitCode())
                .isEqualTo(ExitCode.USAGE);
        assertThat(new CommandRun().run("config", "gray", "start", "g/a", "x").exitCode())
                .isEqualTo(ExitCode.USAGE);
    }

    private static int code(ErrorCode error) throws IOException {
        try (ScriptedMember member = ScriptedMember.answering(unary(ConfigGrpc.getPublishMethod(), request -> {
            throw new StoreException(error, "no");
        }))) {
            return CommandRun.against(member.endpoint())
                    .run("config", "publish", "g/a", "x")
                    .exitCode();
        }
    }

    @Test
    void diffAndSearchAndSchemaPrintWhatCameBack() throws IOException {
        try (ScriptedMember member =
                ScriptedMember.answering(unary(ConfigGrpc.getDiffMethod(), request -> ConfigDiffResponse.newBuilder()
                        .setUnified("@@\n-a\n")
                        .build()))) {
            assertThat(CommandRun.against(member.endpoint())
                            .run("config", "diff", "g/a", "1", "2")
                            .out())
                    .isEqualTo("@@\n-a\n");
        }
        try (ScriptedMember member = ScriptedMember.answering(
                unary(ConfigGrpc.getSearchMethod(), request -> ConfigSearchResponse.getDefaultInstance()))) {
            CommandRun run = CommandRun.against(member.endpoint()).run("config", "search", "x");
            assertThat(run.exitCode()).isEqualTo(ExitCode.NO);
            assertThat(run.err()).contains("nothing found");
        }
        Path schema = Files.writeString(folder.resolve("s.json"), "{}");
        try (ScriptedMember member = ScriptedMember.answering(
                unary(ConfigGrpc.getSetSchemaMethod(), request -> ConfigSetSchemaResponse.newBuilder()
                        .addViolations(ConfigViolation.newBuilder()
                                .setKey(KEY)
                                .setVersion(2)
                                .setPath("/max")
                                .setReason("too much"))
                        .build()))) {
            CommandRun run = CommandRun.against(member.endpoint())
                    .run("config", "schema", "set", "pay", schema.toString(), "--dry-run");
            assertThat(run.out()).contains("/max", "too much");
            assertThat(run.exitCode()).isEqualTo(ExitCode.NO);
        }
    }

    @Test
    void grayStartSendsTheRule() throws IOException {
        try (ScriptedMember member = ScriptedMember.answering(
                unary(ConfigGrpc.getStartGrayMethod(), request -> ConfigGrayResponse.newBuilder()
                        .setHeader(HEADER)
                        .setVersion(4)
                        .setNewestVersion(3)
                        .build()))) {
            CommandRun run = CommandRun.against(member.endpoint())
                    .run(
                            "config",
                            "gray",
                            "start",
                            "g/a",
                            "x",
                            "--percent",
                            "10",
                            "--for-label",
                            "zone=b",
                            "--cidr",
                            "10.0.0.0/8",
                            "--instance",
                            "i-1");

            assertThat(run.out()).isEqualTo("g/a gray, version 4; newest 3, revision 42\n");
            ConfigStartGrayRequest request =
                    (ConfigStartGrayRequest) member.requests().get(0);
            assertThat(request.getRule().getPercent()).isEqualTo(10);
            assertThat(request.getRule().getLabelsMap()).containsEntry("zone", "b");
            assertThat(request.getRule().getCidrsList()).containsExactly("10.0.0.0/8");
            assertThat(request.getRule().getInstancesList()).containsExactly("i-1");
        }
    }

    @Test
    void receiptsSayWhoIsBehindAndWhoWasSilent() throws IOException {
        try (ScriptedMember member = ScriptedMember.answering(
                unary(ConfigGrpc.getReceiptsMethod(), request -> ConfigReceiptsResponse.newBuilder()
                        .addSilentMembers("n3")
                        .addReceipts(ConfigReceipt.newBuilder()
                                .setInstance(ConfigInstance.newBuilder().setId("i-1"))
                                .setMember("n1")
                                .setMeantVersion(2)
                                .setRunningVersion(1)
                                .setFailure("cannot"))
                        .build()))) {
            CommandRun run = CommandRun.against(member.endpoint()).run("config", "receipts", "g/a");

            assertThat(run.out()).contains("i-1", "cannot");
            assertThat(run.err()).contains("no answer from n3");
            assertThat(run.exitCode()).isEqualTo(ExitCode.NO);
            CommandRun promote =
                    CommandRun.against(member.endpoint()).run("config", "gray", "promote", "g/a", "--wait", "1ms");
            assertThat(promote.err()).contains("nothing was promoted", "i-1", "n3");
            assertThat(promote.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
        }
    }

    @Test
    void whatWasExportedIsReadBackAsItWas() throws IOException {
        ConfigFolder written = new ConfigFolder(folder.resolve("out"));
        written.prepare(false);
        written.write(entry(3, "max: 1\n").build());
        ConfigEntry text = ConfigEntry.newBuilder()
                .setKey(ConfigKey.newBuilder().setGroup("pay").setName("motd"))
                .setContent(ByteString.copyFromUtf8("hi"))
                .setDescription("words\n\"quoted\"")
                .build();
        written.write(text);
        // Would become the same file as the one before.
        written.write(text.toBuilder()
                .setKey(ConfigKey.newBuilder().setGroup("pay").setName("motd.txt"))
                .build());
        written.finish();
        Files.writeString(folder.resolve("out/pay/new.json"), "{}");

        var drafts = new ConfigFolder(folder.resolve("out")).read();

        assertThat(drafts)
                .extracting(draft -> draft.getKey().getName())
                .containsExactlyInAnyOrder("limits.yaml", "motd", "motd.txt", "new.json");
        assertThat(drafts)
                .filteredOn(draft -> draft.getKey().equals(KEY))
                .singleElement()
                .satisfies(draft -> {
                    assertThat(draft.getType()).isEqualTo(ConfigType.CONFIG_TYPE_YAML);
                    assertThat(draft.getContent().toStringUtf8()).isEqualTo("max: 1\n");
                    assertThat(draft.getLabelsMap()).containsEntry("team", "core");
                });
        assertThat(drafts)
                .filteredOn(draft -> draft.getKey().getName().equals("motd"))
                .singleElement()
                .satisfies(draft -> assertThat(draft.getDescription()).isEqualTo("words\n\"quoted\""));
        assertThat(drafts)
                .filteredOn(draft -> draft.getKey().getName().equals("new.json"))
                .singleElement()
                .satisfies(draft -> assertThat(draft.getType()).isEqualTo(ConfigType.CONFIG_TYPE_JSON));
    }

    @Test
    void anImportChecksAllBeforeItPublishesAndSaysWhenItNeedsSeveralReleases() throws IOException {
        Path group = Files.createDirectories(folder.resolve("in/g"));
        for (int i = 0; i < 65; i++) {
            Files.writeString(group.resolve("e" + i), "x");
        }
        try (ScriptedMember member = publishing()) {
            CommandRun run = CommandRun.against(member.endpoint())
                    .run("config", "import", folder.resolve("in").toString());

            assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
            assertThat(run.err()).contains("2 releases");
            assertThat(member.requests())
                    .extracting(request -> ((ConfigPublishRequest) request).getDryRun())
                    .containsExactly(true, true, false, false);
            assertThat(member.requests())
                    .extracting(request -> ((ConfigPublishRequest) request).getDraftsCount())
                    .containsExactly(64, 1, 64, 1);
        }
    }

    @Test
    void foldersThatAreNotRightAreRefused() throws IOException {
        Files.createDirectories(folder.resolve("full"));
        Files.writeString(folder.resolve("full/file"), "x");
        CommandRun exported =
                new CommandRun().run("config", "export", folder.resolve("full").toString());
        assertThat(exported.exitCode()).isEqualTo(ExitCode.CONFLICT);
        assertThat(exported.err()).contains("not empty");
        assertThat(new CommandRun()
                        .run("config", "import", folder.resolve("none").toString())
                        .exitCode())
                .isEqualTo(ExitCode.FAILED);
        Files.writeString(folder.resolve("full/manifest.json"), "{\"entries\":[{\"group\":\"g\"}]}");
        CommandRun broken =
                new CommandRun().run("config", "import", folder.resolve("full").toString());
        assertThat(broken.err()).contains("manifest.json").contains("expected: what export writes");
    }
}
