using ClinicNetwork.Benchmarks;
using ClinicNetwork.Benchmarks.Serve;

return args is ["serve", .. var service] ? await YardstickHost.RunAsync(service) : await CommandLine.RunAsync(args);
