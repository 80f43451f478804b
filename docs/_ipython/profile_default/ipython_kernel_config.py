"""Keep the kernel quiet: its warning about connections concerns kernels that others can reach."""

c = get_config()  # noqa: F821
c.IPKernelApp.log_level = "ERROR"
