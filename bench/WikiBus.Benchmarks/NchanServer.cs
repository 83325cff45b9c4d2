using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace WikiBus.Benchmarks;

/// <summary>nginx with nchan and two workers, in a folder of its own.</summary>
internal sealed class NchanServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _folder;

    private NchanServer(Process process, string folder, Uri address)
    {
        _process = process;
        _folder = folder;
        Address = address;
    }

    public Uri Address { get; }

    public static async Task<NchanServer> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("nchan-").FullName;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var configuration = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(configuration, Configuration(folder, port));
        var process = Process.Start("nginx", ["-c", configuration, "-p", folder]);
        var server = new NchanServer(process, folder, new Uri($"http://127.0.0.1:{port}"));
        await server.WaitAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using var stop = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task WaitAsync()
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, Address.Port);
                return;
            }
            catch (SocketException) when (tries < 100)
            {
                await Task.Delay(50);
            }
        }
    }

    private static string Configuration(string folder, int port) => $$"""
        load_module /usr/lib/nginx/modules/ngx_nchan_module.so;
        worker_processes 2;
        worker_rlimit_nofile 16384;
        daemon off;
        pid {{folder}}/nginx.pid;
        error_log {{folder}}/error.log;
        events { worker_connections 8192; }
        http {
          access_log off;
          client_body_temp_path {{folder}};
          proxy_temp_path {{folder}};
          fastcgi_temp_path {{folder}};
          uwsgi_temp_path {{folder}};
          scgi_temp_path {{folder}};
          keepalive_requests 1000000;
          nchan_shared_memory_size 256M;
          server {
            listen 127.0.0.1:{{port}};
            location = /publish {
              nchan_publisher http;
              nchan_channel_id bench;
              nchan_message_buffer_length 5000;
              nchan_message_timeout 10m;
            }
            location = /subscribe {
              nchan_subscriber eventsource;
              nchan_channel_id bench;
              nchan_subscriber_first_message newest;
            }
          }
        }
        """;
}
