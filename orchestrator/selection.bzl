"""The check that a program contains what config.yml and the sources ask for.

tools/gen writes orchestrator/cmd/<variant>/, and those files are checked in. When config.yml
or a service changes and nobody runs `go generate ./...`, they are stale. selection_check finds
that out whenever the program is built: it is a validation action, so `bazel build`, `bazel run`
and an alias of the program fail with the difference and the command to run.
"""

_GoSources = provider(
    doc = "The Go files of this repository that a target links.",
    fields = {"files": "depset of source files"},
)

def _is_read(label):
    """Tells a package of this repository: what a service links of it may call another service."""
    return label.repo_name == ""

def _go_sources_impl(target, ctx):
    direct = []
    if _is_read(target.label):
        direct = [f for f in getattr(ctx.rule.files, "srcs", []) if f.is_source and f.extension == "go"]
    transitive = [
        dep[_GoSources].files
        for attr in ("deps", "embed")
        for dep in getattr(ctx.rule.attr, attr, [])
        if _GoSources in dep
    ]
    return [_GoSources(files = depset(direct, transitive = transitive))]

_go_sources = aspect(
    implementation = _go_sources_impl,
    attr_aspects = ["deps", "embed"],
    doc = "Collects the files that the generator reads of what is linked.",
)

def _selection_check_impl(ctx):
    stamp = ctx.actions.declare_file(ctx.label.name + ".ok")
    sources = depset(transitive = [dep[_GoSources].files for dep in ctx.attr.deps])

    args = ctx.actions.args()
    args.add("verify")
    args.add("--variant", ctx.attr.variant)
    args.add("--config", ctx.file.config)
    args.add("--manifest", ctx.file.manifest)
    args.add("--program", ctx.file.program)
    args.add("--out", stamp)
    args.add("--sources")
    names = ctx.actions.args()
    names.add_all(sources)
    names.set_param_file_format("multiline")
    names.use_param_file("@%s", use_always = True)

    ctx.actions.run(
        executable = ctx.executable._gen,
        arguments = [args, names],
        inputs = depset([ctx.file.config, ctx.file.manifest, ctx.file.program], transitive = [sources]),
        outputs = [stamp],
        mnemonic = "SelectionCheck",
        progress_message = "Checking the selection of %{label}",
    )

    # No files: a program has the check among its data without carrying anything of it.
    return [
        DefaultInfo(),
        OutputGroupInfo(_validation = depset([stamp])),
    ]

selection_check = rule(
    implementation = _selection_check_impl,
    doc = "Fails the build when the generated files of a variant are stale.",
    attrs = {
        "config": attr.label(
            doc = "config.yml of the tree.",
            allow_single_file = [".yml"],
            mandatory = True,
        ),
        "deps": attr.label_list(
            doc = "The go_library of every selected service and plugin.",
            aspects = [_go_sources],
            mandatory = True,
        ),
        "manifest": attr.label(
            doc = "The generated manifest.json.",
            allow_single_file = [".json"],
            mandatory = True,
        ),
        "program": attr.label(
            doc = "The generated services_gen.go.",
            allow_single_file = [".go"],
            mandatory = True,
        ),
        "variant": attr.string(
            doc = "The variant's name in config.yml.",
            mandatory = True,
        ),
        "_gen": attr.label(
            default = "//tools/gen",
            executable = True,
            cfg = "exec",
        ),
    },
)
